# Takes down what the tests started in folder $1 once they have ended, however they ended: our standard input is a pipe
# that closes with them. Until then it brings the numbers of the programs that they start.
dir=$1
pids=
while read -r pid; do pids="$pids $pid"; done
for pid in $pids; do
    grep -qsF "$dir" "/proc/$pid/environ" && kill -KILL "$pid" 2>/dev/null
done
server=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null)
[ -n "$server" ] && kill -QUIT "$server" 2>/dev/null
while [ -n "$server" ] && kill -0 "$server" 2>/dev/null && [ -e "$dir/data/postmaster.pid" ]; do sleep 0.05; done
rm -rf "$dir"
