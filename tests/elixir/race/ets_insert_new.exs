# Only one of two gets the lock, and a third process may look before, between and after.
# OUTCOMES 4
# 1| {[true, false], []}
# 2| {[true, false], [lock: 1]}
# 3| {[false, true], []}
# 4| {[false, true], [lock: 2]}
table = :ets.new(:table, [:public])
claim = fn n -> fn -> :ets.insert_new(table, {:lock, n}) end end
look = fn -> :ets.lookup(table, :lock) end
[first, second, seen] = [Task.async(claim.(1)), Task.async(claim.(2)), Task.async(look)] |> Task.await_many()
IO.inspect({[first, second], seen})
