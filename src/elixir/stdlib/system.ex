# Time and numbers of the world. What would reach outside of it is refused.
defmodule System do
  def monotonic_time, do: :erlang.monotonic_time()
  def monotonic_time(unit), do: :erlang.monotonic_time(normal(unit))
  def system_time, do: :erlang.system_time()
  def system_time(unit), do: :erlang.system_time(normal(unit))
  def os_time, do: :erlang.system_time()
  def os_time(unit), do: :erlang.system_time(normal(unit))
  def time_offset, do: :erlang.time_offset()
  def time_offset(unit), do: :erlang.time_offset(normal(unit))
  def unique_integer(modifiers \\ []), do: :erlang.unique_integer(modifiers)

  def convert_time_unit(time, _from, :native) when time in [:infinity], do: time

  def convert_time_unit(time, from, to) do
    from = per_second(from)
    to = per_second(to)
    floor_div(time * to, from)
  end

  defp floor_div(a, b) when a >= 0, do: div(a, b)
  defp floor_div(a, b), do: div(a - (b - 1), b)

  defp per_second(:second), do: 1
  defp per_second(:millisecond), do: 1_000
  defp per_second(:microsecond), do: 1_000_000
  defp per_second(:nanosecond), do: 1_000_000_000
  defp per_second(:native), do: :erlang.convert_time_unit(1, :second, :native)
  defp per_second(:seconds), do: 1
  defp per_second(:milliseconds), do: 1_000
  defp per_second(:microseconds), do: 1_000_000
  defp per_second(:nanoseconds), do: 1_000_000_000
  defp per_second(unit) when is_integer(unit) and unit > 0, do: unit

  defp per_second(other) do
    raise ArgumentError,
          "unsupported time unit. Expected :second, :millisecond, :microsecond, :nanosecond, or a positive integer, " <>
            "got #{inspect(other)}"
  end

  defp normal(:native), do: :native
  defp normal(:seconds), do: :second
  defp normal(:milliseconds), do: :millisecond
  defp normal(:microseconds), do: :microsecond
  defp normal(:nanoseconds), do: :nanosecond
  defp normal(unit) when unit in [:second, :millisecond, :microsecond, :nanosecond], do: unit
  defp normal(unit) when is_integer(unit) and unit > 0, do: unit
  defp normal(other), do: per_second(other)

  def halt(status \\ 0)
  def halt(status) when is_integer(status) or status == :abort or is_binary(status), do: :erlang.halt(status)
  def stop(status \\ 0), do: :erlang.halt(status)
  def at_exit(fun) when is_function(fun, 1), do: :rashomon.at_exit(fun)

  def stacktrace, do: []
  def version, do: "1.14.0"
  def otp_release, do: "25"
  def schedulers, do: 1
  def schedulers_online, do: 1
  def endianness, do: :little
  def compiled_endianness, do: :little
  def build_info, do: %{build: "1.14.0", date: "", otp_release: "25", revision: "", version: "1.14.0"}
  def argv, do: []

  def get_env, do: %{}

  def get_env(name, default \\ nil) when is_binary(name) and (is_binary(default) or is_nil(default)),
    do: default

  def fetch_env(name) when is_binary(name), do: :error
  def fetch_env!(name) when is_binary(name), do: raise(System.EnvError, env: name)

  def cmd(_command, _args, _options \\ []), do: refuse("System.cmd/3 runs programs of the operating system")
  def shell(_command, _options \\ []), do: refuse("System.shell/2 runs programs of the operating system")
  def put_env(_, _), do: refuse("System.put_env/2 changes the environment of the operating system")
  def delete_env(_), do: refuse("System.delete_env/1 changes the environment of the operating system")
  def cwd, do: refuse("System.cwd/0 reads the file system")

  defp refuse(what) do
    raise ArgumentError, "not available here: " <> what <> ", which lies outside of the simulated world"
  end
end
