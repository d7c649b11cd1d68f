t = Task.async(fn -> :ets_like = String.to_atom("x") end)
Task.await(t)
