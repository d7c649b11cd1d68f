# How terms word themselves. The machine knows the plain terms; here is what stands for them when a program asks the
# protocol, and the structs of the library.
defprotocol Inspect do
  @fallback_to_any true
  def inspect(term, opts)
end

defimpl Inspect, for: [Atom, BitString, Float, Function, Integer, PID, Port, Reference] do
  def inspect(term, opts), do: Inspect.Algebra.term_doc(term, opts)
end

defimpl Inspect, for: List do
  import Inspect.Algebra

  def inspect([], opts), do: color("[]", :list, opts)

  def inspect(list, opts) do
    open = color("[", :list, opts)
    close = color("]", :list, opts)
    separator = color(",", :list, opts)

    cond do
      charlist?(list, opts) ->
        term_doc(list, opts)

      keyword?(list) ->
        container_doc(open, list, close, opts, &keyword/2, separator: separator, break: :strict)

      true ->
        container_doc(open, list, close, opts, &to_doc/2, separator: separator)
    end
  end

  def keyword({key, value}, opts) do
    key = color(Macro.inspect_atom(:key, key), :atom, opts)
    concat(key, concat(" ", to_doc(value, opts)))
  end

  def keyword?([{key, _value} | rest]) when is_atom(key) do
    case Atom.to_charlist(key) do
      'Elixir.' ++ _ -> false
      _ -> keyword?(rest)
    end
  end

  def keyword?([]), do: true
  def keyword?(_), do: false
end

defimpl Inspect, for: Tuple do
  import Inspect.Algebra

  def inspect(tuple, opts) do
    open = color("{", :tuple, opts)
    close = color("}", :tuple, opts)
    separator = color(",", :tuple, opts)
    container_doc(open, Tuple.to_list(tuple), close, opts, &to_doc/2, separator: separator, break: :flex)
  end
end

defimpl Inspect, for: Map do
  import Inspect.Algebra

  def inspect(map, opts) do
    pairs = Map.to_list(map)

    fun =
      if Inspect.List.keyword?(pairs) do
        &Inspect.List.keyword/2
      else
        &pair(&1, color(" => ", :map, opts), &2)
      end

    container("%{", pairs, opts, fun)
  end

  def inspect(map, name, infos, opts) do
    fun = fn %{field: field}, opts -> Inspect.List.keyword({field, Map.get(map, field)}, opts) end
    container("%" <> name <> "{", infos, opts, fun)
  end

  defp container(left, items, opts, fun) do
    separator = color(",", :map, opts)

    container_doc(color(left, :map, opts), items, color("}", :map, opts), opts, fun,
      separator: separator,
      break: :strict
    )
  end

  defp pair({key, value}, arrow, opts), do: concat(concat(to_doc(key, opts), arrow), to_doc(value, opts))
end

defimpl Inspect, for: Any do
  import Inspect.Algebra

  defmacro __deriving__(module, struct, options) do
    fields = (Map.keys(struct) -- [:__exception__, :__struct__]) |> Enum.sort()
    only = Keyword.get(options, :only, fields)
    except = Keyword.get(options, :except, [])
    optional = Keyword.get(options, :optional, [])

    for {name, listed} <- [only: only, except: except, optional: optional],
        not is_list(listed) or listed -- fields != [] do
      raise ArgumentError,
            "unknown fields #{Kernel.inspect(List.wrap(listed) -- fields)} in #{Kernel.inspect(name)} when deriving " <>
              "the Inspect protocol for #{Kernel.inspect(module)}"
    end

    shown = Enum.reject(fields, &(&1 in except or &1 not in only))

    quote do
      defimpl Inspect, for: unquote(module) do
        def inspect(struct, opts) do
          Inspect.Any.inspect_derived(struct, unquote(shown), unquote(optional), opts)
        end
      end
    end
  end

  def inspect(%{__struct__: module} = struct, opts) do
    infos = for field <- fields(struct), do: %{field: field}
    Inspect.Map.inspect(struct, Inspect.Atom.inspect(module, plain(opts)), infos, opts)
  end

  def inspect(map, name, infos, opts) do
    open = color("#" <> name <> "<", :map, opts)
    close = color(">", :map, opts)

    fun = fn
      %{field: field}, opts -> Inspect.List.keyword({field, Map.get(map, field)}, opts)
      :..., _opts -> "..."
    end

    container_doc(open, infos ++ [:...], close, opts, fun, separator: color(",", :map, opts), break: :strict)
  end

  def inspect_derived(%{__struct__: module} = struct, shown, optional, opts) do
    all = fields(struct)
    default = if optional == [], do: %{}, else: module.__struct__()

    infos =
      for field <- all,
          field in shown,
          field not in optional or Map.fetch!(struct, field) != Map.fetch!(default, field),
          do: %{field: field}

    name = Inspect.Atom.inspect(module, plain(opts))

    if length(shown) == length(all) do
      Inspect.Map.inspect(struct, name, infos, opts)
    else
      inspect(struct, name, infos, opts)
    end
  end

  defp plain(opts), do: %{opts | syntax_colors: []}

  # In the order of the definition.
  defp fields(%{__struct__: module} = struct) do
    if :erlang.function_exported(module, :__info__, 1) do
      for %{field: field} <- module.__info__(:struct), field != :__exception__, do: field
    else
      Map.keys(struct) -- [:__struct__, :__exception__]
    end
  end
end

defimpl Inspect, for: Range do
  import Inspect.Algebra

  def inspect(%{first: first, last: last, step: step}, opts) do
    doc = concat(to_doc(first, opts), concat("..", to_doc(last, opts)))

    if (step == 1 and first <= last) or is_nil(step) do
      doc
    else
      concat([to_doc(first, opts), "..", to_doc(last, opts), "//", to_doc(step, opts)])
    end
  end
end

defimpl Inspect, for: MapSet do
  import Inspect.Algebra

  def inspect(set, opts) do
    list = Inspect.List.inspect(MapSet.to_list(set), %{opts | charlists: :as_lists})
    concat(["MapSet.new(", list, ")"])
  end
end

defimpl Inspect, for: Stream do
  import Inspect.Algebra

  def inspect(%{enum: enum, funs: funs}, opts) do
    inner = [enum: enum, funs: Enum.reverse(funs)]
    concat(["#Stream<", to_doc(inner, opts), ">"])
  end
end

defimpl Inspect, for: Regex do
  import Inspect.Algebra

  def inspect(%{source: source, opts: options}, opts) do
    case letters(options) do
      :error -> concat(["Regex.compile!(", to_doc(source, opts), ", ", to_doc(options, opts), ")"])
      letters -> color("~r/" <> escape(source) <> "/" <> letters, :regex, opts)
    end
  end

  defp letters(options) when is_binary(options), do: options
  defp letters([]), do: ""
  defp letters([:unicode, :ucp | rest]), do: letter("u", rest)
  defp letters([:dotall, {:newline, :anycrlf} | rest]), do: letter("s", rest)
  defp letters([:caseless | rest]), do: letter("i", rest)
  defp letters([:extended | rest]), do: letter("x", rest)
  defp letters([:firstline | rest]), do: letter("f", rest)
  defp letters([:ungreedy | rest]), do: letter("U", rest)
  defp letters([:multiline | rest]), do: letter("m", rest)
  defp letters(_), do: :error

  defp letter(letter, rest) do
    case letters(rest) do
      :error -> :error
      letters -> letter <> letters
    end
  end

  defp escape(<<?\\, char, rest::binary>>), do: <<?\\, char, escape(rest)::binary>>
  defp escape(<<?/, rest::binary>>), do: "\\/" <> escape(rest)
  defp escape(<<?\n, rest::binary>>), do: "\\n" <> escape(rest)
  defp escape(<<?\r, rest::binary>>), do: "\\r" <> escape(rest)
  defp escape(<<?\t, rest::binary>>), do: "\\t" <> escape(rest)
  defp escape(<<?\a, rest::binary>>), do: "\\a" <> escape(rest)
  defp escape(<<?\b, rest::binary>>), do: "\\b" <> escape(rest)
  defp escape(<<?\d, rest::binary>>), do: "\\d" <> escape(rest)
  defp escape(<<?\e, rest::binary>>), do: "\\e" <> escape(rest)
  defp escape(<<?\f, rest::binary>>), do: "\\f" <> escape(rest)
  defp escape(<<?\v, rest::binary>>), do: "\\v" <> escape(rest)
  defp escape(<<char, rest::binary>>), do: <<char, escape(rest)::binary>>
  defp escape(<<>>), do: <<>>
end

defimpl Inspect, for: Inspect.Error do
  def inspect(%{stacktrace: stacktrace} = error, _opts) do
    message = error |> Exception.message() |> String.split("\n") |> Enum.map_join("\n", &indent/1)

    trace =
      if stacktrace == [], do: "", else: "\n  Stacktrace:\n\n" <> Exception.format_stacktrace(stacktrace)

    "#Inspect.Error<\n" <> message <> trace <> "\n>"
  end

  defp indent(""), do: ""
  defp indent(line), do: "  " <> line
end
