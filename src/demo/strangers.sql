-- A database is the demo's if nobody but the demo's account was ever entered, and no customer that it did not bring.
SELECT EXISTS (SELECT FROM bluebook.users WHERE login <> 'demo')
    OR (EXISTS (SELECT FROM bluebook.runs) AND NOT EXISTS (SELECT FROM bluebook.users WHERE login = 'demo'))
    AS yes
