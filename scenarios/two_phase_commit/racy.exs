# A coordinator asks two participants whether they can commit, and when both say yes, tells both to do so. It is killed
# at some moment after the votes. A participant that sees it go down without a decision aborts; the other may have been
# told to commit.
defmodule Coordinator do
  def run(client) do
    receive do
      {:begin, participants} ->
        for pid <- participants, do: send(pid, {:prepare, self()})
        for pid <- participants, do: receive(do: ({:yes, ^pid} -> :ok))
        send(client, :votes_are_in)
        for pid <- participants, do: send(pid, {:decision, "commit"})
    end
  end
end

defmodule Participant do
  def run(name, coordinator, client) do
    monitor = Process.monitor(coordinator)
    send(client, {name, decision(monitor)})
  end

  defp decision(monitor) do
    receive do
      {:prepare, coordinator} ->
        send(coordinator, {:yes, self()})
        decision(monitor)

      {:decision, decision} ->
        decision

      {:DOWN, ^monitor, :process, _, _} ->
        "abort"
    end
  end
end

client = self()
coordinator = spawn(Coordinator, :run, [client])
participants = for name <- [:a, :b], do: spawn(Participant, :run, [name, coordinator, client])
send(coordinator, {:begin, participants})

receive do: (:votes_are_in -> Process.exit(coordinator, :kill))

[a, b] = for name <- [:a, :b], do: receive(do: ({^name, decision} -> decision))
IO.puts("a: #{a}, b: #{b}")
