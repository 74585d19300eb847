-- How host $1 stands for run $2 under epoch $3: in how many seconds it may be asked, and whether another run asks it now.
-- That is a run which goes on and is heard of: what a program that died or was frozen has left behind is nobody's.
SELECT extract(epoch FROM host.free_at - clock_timestamp())::float8 AS seconds,
    EXISTS (
        SELECT FROM bluebook.runs AS run
        WHERE run.id = host.run AND run.epoch = host.epoch
          AND run.state = 'running' AND run.lease_until > clock_timestamp()
          AND (run.id, run.epoch) <> ($2, $3)
    ) AS taken
FROM bluebook.hosts AS host
WHERE host.host = $1
FOR UPDATE OF host
