# Who waits for one message after the other does not notice in which order they come.
# OUTCOMES 1
# 1| [:a, :b]
me = self()
spawn(fn -> send(me, {:b, :b}) end)
spawn(fn -> send(me, {:a, :a}) end)
a = receive do: ({:a, value} -> value)
b = receive do: ({:b, value} -> value)
IO.inspect([a, b])
