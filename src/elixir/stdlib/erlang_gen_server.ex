defmodule :gen_server do
  # Erlang's names for GenServer.

  def start_link(module, arg, options), do: GenServer.start_link(module, arg, options)
  def start_link(name, module, arg, options), do: GenServer.start_link(module, arg, named(name, options))
  def start(module, arg, options), do: GenServer.start(module, arg, options)
  def start(name, module, arg, options), do: GenServer.start(module, arg, named(name, options))

  defp named({:local, name}, options), do: [{:name, name} | options]
  defp named(name, options), do: [{:name, name} | options]

  def call(server, request) do
    answer(GenServer.ask(server, :"$gen_call", request, 5000), [server, request])
  end

  def call(server, request, timeout) do
    answer(GenServer.ask(server, :"$gen_call", request, timeout), [server, request, timeout])
  end

  defp answer({:ok, reply}, _args), do: reply
  defp answer({:exit, reason}, args), do: exit({reason, {:gen_server, :call, args}})

  def cast(server, request), do: GenServer.cast(server, request)
  def reply(from, reply), do: GenServer.reply(from, reply)

  def stop(server), do: stop(server, :normal, :infinity)

  def stop(server, reason, timeout) do
    case GenServer.stop_process(GenServer.whereis(server), reason, timeout) do
      :ok -> :ok
      {:exit, why} -> exit(why)
    end
  end
end
