# A manager runs handlers: each is a module and what it has kept so far, and sees every event. While somebody reports
# two events, one handler is to take the place of another. It is taken out and its successor put in: what happens in
# between is seen by neither.
defmodule Manager do
  def start, do: spawn(fn -> loop([]) end)

  def add(manager, module, kept), do: call(manager, {:add, module, kept})
  def delete(manager, module), do: call(manager, {:delete, module})

  # Comes back when all handlers have seen the event.
  def sync_notify(manager, event), do: call(manager, {:event, event})

  defp call(manager, request) do
    send(manager, {request, self()})
    receive do: ({^manager, reply} -> reply)
  end

  defp loop(handlers) do
    receive do
      {{:add, module, kept}, from} ->
        send(from, {self(), :ok})
        loop([{module, kept} | handlers])

      {{:delete, module}, from} ->
        {{_, kept}, others} = List.keytake(handlers, module, 0)
        send(from, {self(), kept})
        loop(others)

      {{:event, event}, from} ->
        handlers = for {module, kept} <- handlers, do: {module, module.handle(event, kept)}
        send(from, {self(), :ok})
        loop(handlers)
    end
  end
end

defmodule Journal do
  def handle(event, kept), do: kept ++ [event]
end

defmodule LoudJournal do
  def handle(event, kept), do: kept ++ [String.upcase(event)]
end

main = self()
manager = Manager.start()
Manager.add(manager, Journal, [])

spawn(fn ->
  Manager.sync_notify(manager, "door opened")
  Manager.sync_notify(manager, "door closed")
  send(main, :reported)
end)

kept = Manager.delete(manager, Journal)
Manager.add(manager, LoudJournal, kept)

receive do: (:reported -> :ok)
journal = Manager.delete(manager, LoudJournal)
IO.puts("journal: #{Enum.join(journal, ", ")}")
IO.puts("events: #{length(journal)}")
