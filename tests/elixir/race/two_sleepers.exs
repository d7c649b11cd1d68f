# Two processes sleep equally long.
# OUTCOMES 2
# 1| [:a, :b]
# 2| [:b, :a]
me = self()

for name <- [:a, :b] do
  spawn(fn ->
    Process.sleep(20)
    send(me, name)
  end)
end

IO.inspect(for _ <- 1..2, do: receive(do: (name -> name)))
