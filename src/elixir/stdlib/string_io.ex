# A device in memory: a process that speaks the I/O protocol and keeps what is written.
defmodule StringIO do
  def open(string, options_or_function \\ [])
  def open(string, options) when is_binary(string) and is_list(options), do: {:ok, start(string, options)}

  def open(string, function) when is_binary(string) and is_function(function, 1) do
    open(string, [], function)
  end

  def open(string, options, function)
      when is_binary(string) and is_list(options) and is_function(function, 1) do
    pid = start(string, options)

    try do
      {:ok, function.(pid)}
    after
      close(pid)
    end
  end

  def contents(pid) when is_pid(pid), do: call(pid, :contents)
  def flush(pid) when is_pid(pid), do: call(pid, :flush)
  def close(pid) when is_pid(pid), do: call(pid, :close)

  defp start(string, options) do
    capture_prompt = Keyword.get(options, :capture_prompt, false)
    encoding = Keyword.get(options, :encoding, :unicode)
    :erlang.spawn_link(fn -> loop(string, "", capture_prompt, encoding) end)
  end

  defp call(pid, request) do
    reference = :erlang.monitor(:process, pid)
    :erlang.send(pid, {:string_io, self(), reference, request})

    receive do
      {^reference, reply} ->
        :erlang.demonitor(reference, [:flush])
        reply

      {:DOWN, ^reference, :process, _, reason} ->
        exit({reason, {GenServer, :call, [pid, request, 5000]}})
    end
  end

  defp loop(input, output, capture_prompt, encoding) do
    receive do
      {:io_request, from, reply_as, request} ->
        {reply, input, output} = io(request, input, output, capture_prompt, encoding)
        :erlang.send(from, {:io_reply, reply_as, reply})
        loop(input, output, capture_prompt, encoding)

      {:string_io, from, reference, :contents} ->
        :erlang.send(from, {reference, {input, output}})
        loop(input, output, capture_prompt, encoding)

      {:string_io, from, reference, :flush} ->
        :erlang.send(from, {reference, output})
        loop(input, "", capture_prompt, encoding)

      {:string_io, from, reference, :close} ->
        :erlang.send(from, {reference, {:ok, {input, output}}})

      _ ->
        loop(input, output, capture_prompt, encoding)
    end
  end

  defp io({:put_chars, from, chars}, input, output, _capture_prompt, encoding) do
    case :unicode.characters_to_binary(chars, from, encoding) do
      binary when is_binary(binary) -> {:ok, input, output <> binary}
      _ -> {{:error, {:no_translation, from, encoding}}, input, output}
    end
  rescue
    ArgumentError -> {{:error, {:put_chars, from, chars}}, input, output}
  end

  defp io({:put_chars, chars}, input, output, capture_prompt, encoding) do
    io({:put_chars, :latin1, chars}, input, output, capture_prompt, encoding)
  end

  defp io({:put_chars, from, module, function, args}, input, output, capture_prompt, encoding) do
    io({:put_chars, from, apply(module, function, args)}, input, output, capture_prompt, encoding)
  end

  defp io({:get_line, prompt}, input, output, capture_prompt, encoding) do
    io({:get_line, :latin1, prompt}, input, output, capture_prompt, encoding)
  end

  defp io({:get_line, _, prompt}, input, output, capture_prompt, _encoding) do
    output = if capture_prompt, do: output <> IO.chardata_to_string(prompt), else: output

    case :binary.split(input, "\n") do
      [""] -> {:eof, "", output}
      [last] -> {last, "", output}
      [line, rest] -> {line <> "\n", rest, output}
    end
  end

  defp io({:get_chars, prompt, count}, input, output, capture_prompt, encoding) do
    io({:get_chars, :latin1, prompt, count}, input, output, capture_prompt, encoding)
  end

  defp io({:get_chars, _, prompt, count}, input, output, capture_prompt, _encoding) do
    output = if capture_prompt, do: output <> IO.chardata_to_string(prompt), else: output

    case input do
      "" ->
        {:eof, "", output}

      _ ->
        size = chars_size(input, count, 0)
        <<chars::binary-size(size), rest::binary>> = input
        {chars, rest, output}
    end
  end

  defp io({:requests, []}, input, output, _capture_prompt, _encoding), do: {:ok, input, output}

  defp io({:requests, [request]}, input, output, capture_prompt, encoding) do
    io(request, input, output, capture_prompt, encoding)
  end

  defp io({:requests, [request | requests]}, input, output, capture_prompt, encoding) do
    case io(request, input, output, capture_prompt, encoding) do
      {{:error, _}, _, _} = failed -> failed
      {_, input, output} -> io({:requests, requests}, input, output, capture_prompt, encoding)
    end
  end

  defp io({:setopts, _}, input, output, _capture_prompt, _encoding), do: {:ok, input, output}

  defp io(:getopts, input, output, _capture_prompt, encoding) do
    {[binary: true, encoding: encoding], input, output}
  end

  defp io({:get_geometry, _}, input, output, _, _), do: {{:error, :enotsup}, input, output}
  defp io(_, input, output, _, _), do: {{:error, :request}, input, output}

  defp chars_size(_, 0, size), do: size

  defp chars_size(<<char::utf8, rest::binary>>, count, size),
    do: chars_size(rest, count - 1, size + byte_size(<<char::utf8>>))

  defp chars_size(<<_, rest::binary>>, count, size), do: chars_size(rest, count - 1, size + 1)
  defp chars_size(<<>>, _, size), do: size
end
