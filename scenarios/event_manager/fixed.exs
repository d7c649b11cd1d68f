# The manager itself puts one handler in the place of another, in a single turn of its loop. No event can come in
# between.
defmodule Manager do
  def start, do: spawn(fn -> loop([]) end)

  def add(manager, module, kept), do: call(manager, {:add, module, kept})
  def delete(manager, module), do: call(manager, {:delete, module})
  def swap(manager, old, new), do: call(manager, {:swap, old, new})

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

      {{:swap, old, new}, from} ->
        {{_, kept}, others} = List.keytake(handlers, old, 0)
        send(from, {self(), :ok})
        loop([{new, kept} | others])

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

Manager.swap(manager, Journal, LoudJournal)

receive do: (:reported -> :ok)
journal = Manager.delete(manager, LoudJournal)
IO.puts("journal: #{Enum.join(journal, ", ")}")
IO.puts("events: #{length(journal)}")
