# Reading and writing. What goes to the standard devices is one action of the world; any other device is a process
# that is asked by Erlang's I/O protocol.
defmodule IO do
  def puts(item), do: puts(:stdio, item)

  def puts(device, item) when is_atom(device) or is_pid(device) do
    put_chars(device, [chardata(item), ?\n])
  end

  def write(item), do: write(:stdio, item)

  def write(device, item) when is_atom(device) or is_pid(device) do
    put_chars(device, chardata(item))
  end

  def binwrite(iodata), do: binwrite(:stdio, iodata)

  def binwrite(device, iodata)
      when (is_list(iodata) or is_binary(iodata)) and (is_atom(device) or is_pid(device)) do
    case latin1(iodata) do
      {:ok, chars} -> put_chars(device, chars)
      :error -> {:error, :badarg}
    end
  end

  defp latin1(iodata) do
    {:ok, :unicode.characters_to_binary(:erlang.iolist_to_binary(iodata), :latin1)}
  rescue
    ArgumentError -> :error
  end

  def inspect(item), do: inspect(:stdio, item, [])
  def inspect(item, options), do: inspect(:stdio, item, options)

  def inspect(device, item, options) when (is_atom(device) or is_pid(device)) and is_list(options) do
    text = Kernel.inspect(item, with_pretty(options))

    chars =
      case options do
        [] ->
          [text, ?\n]

        _ ->
          case Keyword.fetch(options, :label) do
            {:ok, nil} -> [text, ?\n]
            {:ok, label} -> [chardata(label), ": ", text, ?\n]
            :error -> [text, ?\n]
          end
      end

    put_chars(device, chars)
    item
  end

  defp with_pretty([]), do: [pretty: true]

  defp with_pretty(options) do
    if Keyword.has_key?(options, :pretty), do: options, else: [{:pretty, true} | options]
  end

  defp chardata(list) when is_list(list), do: list
  defp chardata(binary) when is_binary(binary), do: binary
  defp chardata(other), do: to_string(other)

  # Warnings

  def warn(message) do
    {:current_stacktrace, [_ | trace]} = :erlang.process_info(self(), :current_stacktrace)
    warn(message, Enum.drop_while(trace, &match?({IO, _, _, _}, &1)))
  end

  def warn(message, []), do: warning(chardata(message), "")

  def warn(message, [{_, _} | _] = options) do
    trace =
      if file = options[:file] do
        {function, arity} = options[:function] || {:__FILE__, 1}
        location = [file: String.to_charlist(file), line: options[:line] || 0]
        [{options[:module] || :elixir_compiler, function, arity, location}]
      else
        []
      end

    warn(message, trace)
  end

  def warn(message, [_ | _] = trace) do
    warning(chardata(message), Enum.map_join(trace, "\n  ", &Exception.format_stacktrace_entry/1))
  end

  defp warning(message, ""), do: put_chars(:stderr, ["warning: ", message, "\n\n"])
  defp warning(message, trace), do: put_chars(:stderr, ["warning: ", message, "\n  ", trace, "\n\n"])

  # Reading

  def gets(prompt), do: gets(:stdio, prompt)

  def gets(device, prompt) when is_atom(device) or is_pid(device) do
    get(device, {:get_line, :unicode, prompt(prompt)})
  end

  def read(mode), do: read(:stdio, mode)

  def read(device, :line) when is_atom(device) or is_pid(device) do
    get(device, {:get_line, :unicode, ""})
  end

  def read(device, mode) when mode in [:eof, :all] and (is_atom(device) or is_pid(device)) do
    case read_all(device, []) do
      "" when mode == :eof -> :eof
      other -> other
    end
  end

  def read(device, count) when is_integer(count) and count >= 0 and (is_atom(device) or is_pid(device)) do
    getn(device, "", count)
  end

  def binread(mode), do: read(:stdio, mode)
  def binread(device, mode), do: read(device, mode)

  defp read_all(device, parts) do
    case get(device, {:get_line, :unicode, ""}) do
      :eof -> parts |> :lists.reverse() |> :erlang.iolist_to_binary()
      {:error, _} = error -> error
      part -> read_all(device, [part | parts])
    end
  end

  def getn(prompt), do: getn(:stdio, prompt, 1)

  def getn(prompt, count) when is_integer(count) and count > 0, do: getn(:stdio, prompt, count)
  def getn(device, prompt) when is_atom(device) or is_pid(device), do: getn(device, prompt, 1)

  def getn(device, prompt, count)
      when is_integer(count) and count > 0 and (is_atom(device) or is_pid(device)) do
    get(device, {:get_chars, :unicode, prompt(prompt), count})
  end

  defp prompt(prompt) when is_list(prompt), do: prompt
  defp prompt(prompt), do: to_string(prompt)

  # Streams

  def stream, do: stream(:stdio, :line)

  def stream(device \\ :stdio, line_or_codepoints)

  def stream(device, mode) when mode == :line or (is_integer(mode) and mode > 0) do
    %IO.Stream{device: device, raw: false, line_or_bytes: mode}
  end

  def binstream, do: binstream(:stdio, :line)

  def binstream(device \\ :stdio, line_or_bytes)

  def binstream(device, mode) when mode == :line or (is_integer(mode) and mode > 0) do
    %IO.Stream{device: device, raw: true, line_or_bytes: mode}
  end

  # Data

  def iodata_to_binary(iodata), do: :erlang.iolist_to_binary(iodata)
  def iodata_length(iodata), do: :erlang.iolist_size(iodata)

  def chardata_to_string(string) when is_binary(string), do: string
  def chardata_to_string(list) when is_list(list), do: List.to_string(list)

  # Devices. The leader that every program starts with is the terminal itself.

  def put_chars(:stdio, chars) do
    leader = :erlang.group_leader()

    if leader == :rashomon.system_leader() do
      :rashomon.write(:stdout, chars)
    else
      put_chars(leader, chars)
    end
  end

  def put_chars(:standard_io, chars), do: put_chars(:stdio, chars)
  def put_chars(:standard_error, chars), do: put_chars(:stderr, chars)

  def put_chars(:stderr, chars) do
    case :erlang.get(:"$rashomon_stderr") do
      :undefined -> :rashomon.write(:stderr, chars)
      device -> put_chars(device, chars)
    end
  end

  def put_chars(device, chars) do
    case :unicode.characters_to_binary(chars) do
      binary when is_binary(binary) -> result(request(device, {:put_chars, :unicode, binary}))
      _ -> raise ArgumentError, bad_argument("2nd argument: not valid character data (an iodata term)")
    end
  rescue
    error in ArgumentError ->
      case error.message do
        "errors were found at the given arguments:\n\n  * 1st argument: the device" <> _ ->
          reraise error, __STACKTRACE__

        _ ->
          raise ArgumentError, bad_argument("2nd argument: not valid character data (an iodata term)")
      end
  end

  defp result({:error, reason}) when reason in [:terminated, :no_translation], do: :erlang.error(reason)
  defp result(reply), do: reply

  defp get(:stdio, request) do
    leader = :erlang.group_leader()
    if leader == :rashomon.system_leader(), do: read_terminal(request), else: get(leader, request)
  end

  defp get(device, request) do
    case request(device, request) do
      list when is_list(list) -> List.to_string(list)
      reply -> reply
    end
  end

  defp read_terminal({:get_line, _, prompt}), do: :rashomon.read(:line, prompt)
  defp read_terminal({:get_chars, _, prompt, count}), do: :rashomon.read(count, prompt)

  # Asks a device, which may be any process that speaks the protocol, and waits for its answer.
  def request(device, request) do
    pid = device_pid(device)
    reference = :erlang.monitor(:process, pid)
    :erlang.send(pid, {:io_request, self(), reference, request})

    receive do
      {:io_reply, ^reference, reply} ->
        :erlang.demonitor(reference, [:flush])
        reply

      {:DOWN, ^reference, :process, _, _} ->
        {:error, :terminated}
    end
  end

  defp device_pid(device) when is_pid(device), do: device

  defp device_pid(device) do
    case :erlang.whereis(device) do
      :undefined -> raise ArgumentError, bad_argument("1st argument: the device does not exist")
      pid -> pid
    end
  end

  defp bad_argument(text), do: "errors were found at the given arguments:\n\n  * " <> text <> "\n"
end
