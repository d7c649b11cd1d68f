# An event is reported without waiting until it has been handled. The reporter then tells the main process, which asks
# for the journal. On one node the event is there first. The language promises less: only what one process sends to one
# other keeps its order, and the event and the question come from two processes.
defmodule Manager do
  def start, do: spawn(fn -> loop([]) end)

  def add(manager, module, kept), do: call(manager, {:add, module, kept})
  def delete(manager, module), do: call(manager, {:delete, module})

  # Comes back at once.
  def notify(manager, event), do: send(manager, {:event, event})

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

      {:event, event} ->
        loop(for {module, kept} <- handlers, do: {module, module.handle(event, kept)})
    end
  end
end

defmodule Journal do
  def handle(event, kept), do: kept ++ [event]
end

main = self()
manager = Manager.start()
Manager.add(manager, Journal, [])

spawn(fn ->
  Manager.notify(manager, "door opened")
  send(main, :reported)
end)

receive do: (:reported -> :ok)
journal = Manager.delete(manager, Journal)
IO.puts("events: #{length(journal)}")
