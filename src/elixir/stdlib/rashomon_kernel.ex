# What macros of Kernel need when the program runs.
defmodule :rashomon_kernel do
  def exception(message) when is_binary(message), do: RuntimeError.exception(message)
  def exception(module) when is_atom(module), do: module.exception([])
  def exception(%{__struct__: _, __exception__: true} = exception), do: exception

  def exception(other) do
    ArgumentError.exception(
      "raise/1 and reraise/2 expect a module name, string or exception as the first argument, got: #{inspect(other)}"
    )
  end

  def build_struct(struct, given, []), do: fill(struct, given)

  def build_struct(%{__struct__: module} = struct, given, enforced) do
    given = if is_map(given), do: :maps.to_list(given), else: given

    case for(key <- enforced, not :lists.keymember(key, 1, given), do: key) do
      [] ->
        fill(struct, given)

      missing ->
        raise ArgumentError,
              "the following keys must also be given when building struct #{inspect(module)}: #{inspect(missing)}"
    end
  end

  defp fill(struct, []), do: struct

  defp fill(struct, [{key, value} | rest]) do
    case struct do
      %{^key => _} -> fill(%{struct | key => value}, rest)
      _ -> :erlang.error({:badkey, key})
    end
  end

  defp fill(struct, given), do: fill(struct, Enum.to_list(given))

  # The stages of a pipe, or one expression: the code of each and its value.
  def dbg([first | rest], place, options) do
    options = Keyword.merge([pretty: true, width: 80], options)
    rest = for {code, value} <- rest, do: ["|> ", dbg_line(code, value, options)]
    IO.puts(["[", place, "]\n", dbg_line(elem(first, 0), elem(first, 1), options) | rest])
  end

  defp dbg_line(code, value, options), do: [Macro.to_string(code), " #=> ", inspect(value, options), "\n"]

  def destructure(nil, count), do: :lists.duplicate(count, nil)
  def destructure(list, count) when is_list(list), do: pad(list, count)

  defp pad(_list, 0), do: []
  defp pad([], count), do: :lists.duplicate(count, nil)
  defp pad([head | tail], count), do: [head | pad(tail, count - 1)]

  def words(text, modifiers) do
    case modifiers do
      "a" -> for word <- String.split(text), do: String.to_atom(word)
      "c" -> for word <- String.split(text), do: String.to_charlist(word)
      _ -> String.split(text)
    end
  end

  # The key of a path that a dot names: it must be there.
  def field(key) do
    fn
      :get, data, next ->
        next.(:maps.get(key, data))

      :get_and_update, data, next ->
        value = :maps.get(key, data)

        case next.(value) do
          {get, update} -> {get, :maps.put(key, update, data)}
          :pop -> {value, :maps.remove(key, data)}
        end
    end
  end

  def power(base, exponent) when is_integer(base) and is_integer(exponent) and exponent >= 0 do
    Integer.pow(base, exponent)
  end

  def power(base, exponent) when is_number(base) and is_number(exponent), do: :math.pow(base, exponent)
  def power(base, exponent), do: :erlang.error(:badarith, [base, exponent])
end
