{:ok, p} = Agent.start_link(fn -> 0 end)
Agent.update(p, fn _ -> 1 / 0 end)
