# Two processes want the same name; the one that comes second is refused.
# OUTCOMES 2
# 1| [a: :won, b: :lost]
# 2| [a: :lost, b: :won]
me = self()

claim = fn who ->
  spawn(fn ->
    result =
      try do
        Process.register(self(), :leader)
        :won
      rescue
        ArgumentError -> :lost
      end

    send(me, {who, result})
    Process.sleep(:infinity)
  end)
end

claim.(:a)
claim.(:b)
a = receive do: ({:a, result} -> result)
b = receive do: ({:b, result} -> result)
IO.inspect(a: a, b: b)
