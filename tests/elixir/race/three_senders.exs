# OUTCOMES 6
# 1| abc
# 2| acb
# 3| bac
# 4| bca
# 5| cab
# 6| cba
me = self()
for name <- ~w(a b c), do: spawn(fn -> send(me, name) end)
IO.puts(for _ <- 1..3, do: receive(do: (name -> name)))
