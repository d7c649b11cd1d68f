defmodule :sys do
  # System messages to servers, as far as the loop of GenServer understands them.

  def get_state(name), do: ok_or_error(request(name, :get_state, 5000, :get_state, [name]))

  def get_state(name, timeout),
    do: ok_or_error(request(name, :get_state, timeout, :get_state, [name, timeout]))

  def replace_state(name, fun), do: replace(name, fun, 5000, [name])
  def replace_state(name, fun, timeout), do: replace(name, fun, timeout, [name, timeout])

  defp replace(name, fun, timeout, args) do
    message = {:replace_state, fun}
    ok_or_error(request(name, message, timeout, message, args))
  end

  def get_status(name), do: ok_or_error(request(name, :get_status, 5000, :get_status, [name]))

  def get_status(name, timeout),
    do: ok_or_error(request(name, :get_status, timeout, :get_status, [name, timeout]))

  def suspend(name), do: request(name, :suspend, 5000, :suspend, [name])
  def suspend(name, timeout), do: request(name, :suspend, timeout, :suspend, [name, timeout])
  def resume(name), do: request(name, :resume, 5000, :resume, [name])
  def resume(name, timeout), do: request(name, :resume, timeout, :resume, [name, timeout])

  def terminate(name, reason), do: request(name, {:terminate, reason}, 5000, :terminate, [name, reason])

  def terminate(name, reason, timeout) do
    request(name, {:terminate, reason}, timeout, :terminate, [name, reason, timeout])
  end

  defp request(name, message, timeout, shown, args) do
    case GenServer.ask(name, :system, message, timeout) do
      {:ok, reply} -> reply
      {:exit, reason} -> exit({reason, {:sys, shown, args}})
    end
  end

  defp ok_or_error({:ok, value}), do: value
  defp ok_or_error({:error, reason}), do: :erlang.error(reason)

  def trace(_name, _flag), do: :ok
  def trace(_name, _flag, _timeout), do: :ok
  def no_debug(_name), do: :ok
  def statistics(_name, _flag), do: :ok
end
