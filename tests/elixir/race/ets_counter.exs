# A counter is changed in one step: nothing is lost. Who counts first gets the smaller number.
# OUTCOMES 2
# 1| {[1, 2], [n: 2]}
# 2| {[2, 1], [n: 2]}
table = :ets.new(:table, [:public])
add = fn -> :ets.update_counter(table, :n, 1, {:n, 0}) end
numbers = [Task.async(add), Task.async(add)] |> Task.await_many()
IO.inspect({numbers, :ets.tab2list(table)})
