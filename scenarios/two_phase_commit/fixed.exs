# A log outlives the coordinator. The first decision that is written to it counts, and whoever writes is told which one
# that was. The coordinator writes "commit" before it tells anybody; a participant that sees it go down writes "abort".
defmodule Log do
  def decide(log, decision) do
    send(log, {:decide, decision, self()})
    receive do: ({^log, decided} -> decided)
  end

  def run do
    receive do
      {:decide, decision, from} ->
        send(from, {self(), decision})
        decided(decision)
    end
  end

  defp decided(decision) do
    receive do
      {:decide, _late, from} ->
        send(from, {self(), decision})
        decided(decision)
    end
  end
end

defmodule Coordinator do
  def run(log, client) do
    receive do
      {:begin, participants} ->
        for pid <- participants, do: send(pid, {:prepare, self()})
        for pid <- participants, do: receive(do: ({:yes, ^pid} -> :ok))
        send(client, :votes_are_in)
        decision = Log.decide(log, "commit")
        for pid <- participants, do: send(pid, {:decision, decision})
    end
  end
end

defmodule Participant do
  def run(name, coordinator, log, client) do
    monitor = Process.monitor(coordinator)
    send(client, {name, decision(monitor, log)})
  end

  defp decision(monitor, log) do
    receive do
      {:prepare, coordinator} ->
        send(coordinator, {:yes, self()})
        decision(monitor, log)

      {:decision, decision} ->
        decision

      {:DOWN, ^monitor, :process, _, _} ->
        Log.decide(log, "abort")
    end
  end
end

client = self()
log = spawn(Log, :run, [])
coordinator = spawn(Coordinator, :run, [log, client])

participants =
  for name <- [:a, :b], do: spawn(Participant, :run, [name, coordinator, log, client])

send(coordinator, {:begin, participants})

receive do: (:votes_are_in -> Process.exit(coordinator, :kill))

[a, b] = for name <- [:a, :b], do: receive(do: ({^name, decision} -> decision))
IO.puts("a: #{a}, b: #{b}")
