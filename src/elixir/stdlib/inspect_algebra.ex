# Documents: text with places where a line may be broken. They are laid out by the machine, which also lays out the
# plain terms that stand in a document as `{:rashomon_term, term, opts}`.
defmodule Inspect.Algebra do
  # Rendering

  def format(doc, width) when width == :infinity or is_integer(width) do
    [render(doc, width, :rashomon.format_doc(doc, width, %{}), %{})]
  end

  # The rest of Kernel.inspect/2, for a term with structs that word themselves.
  def inspect_structs(term, opts, pairs) do
    docs = ask(pairs, %{})
    continue(term, opts, :rashomon.inspect(term, opts, docs), docs)
  end

  # Kernel.inspect/2 with an :inspect_fun of the caller's own.
  def inspect_with_fun(term, %{pretty: pretty, width: width} = opts) do
    doc = term |> to_doc(opts) |> group()
    width = if pretty, do: width, else: :infinity
    render(doc, width, :rashomon.format_doc(doc, width, %{}), %{})
  end

  defp continue(_term, _opts, {:ok, text}, _docs), do: text

  defp continue(term, opts, {:structs, pairs}, docs) do
    docs = ask(pairs, docs)
    continue(term, opts, :rashomon.inspect(term, opts, docs), docs)
  end

  defp render(_doc, _width, {:ok, text}, _docs), do: text

  defp render(doc, width, {:structs, pairs}, docs) do
    docs = ask(pairs, docs)
    render(doc, width, :rashomon.format_doc(doc, width, docs), docs)
  end

  defp ask([], docs), do: docs

  defp ask([{struct, opts} = pair | pairs], docs) do
    doc =
      case to_doc(struct, opts) do
        {:rashomon_term, ^struct, _} -> Inspect.Any.inspect(struct, opts)
        doc -> doc
      end

    ask(pairs, Map.put(docs, pair, doc))
  end

  # Documents of terms

  def to_doc(%{__struct__: module} = struct, %{structs: true} = opts) when is_atom(module) do
    if opts.inspect_fun == (&Inspect.inspect/2) and Inspect.impl_for(struct) == Inspect.Any do
      {:rashomon_term, struct, opts}
    else
      try do
        opts.inspect_fun.(struct, opts)
      rescue
        caught -> failed(struct, opts, caught, __STACKTRACE__)
      end
    end
  end

  def to_doc(term, %{inspect_fun: fun} = opts) do
    if fun == (&Inspect.inspect/2), do: term_doc(term, opts), else: fun.(term, opts)
  end

  # Terms without parts become text at once: a container asks whether its parts are simple.
  def term_doc([], opts), do: color("[]", :list, opts)
  def term_doc({}, opts), do: {:rashomon_term, {}, opts}

  def term_doc(term, opts) when is_list(term) do
    if charlist?(term, opts) do
      text(term, opts)
    else
      {:rashomon_term, term, opts}
    end
  end

  def term_doc(term, opts) when is_tuple(term) or is_map(term), do: {:rashomon_term, term, opts}

  def term_doc(term, opts) when is_bitstring(term) do
    case text(term, opts) do
      "<<" <> _ -> {:rashomon_term, term, opts}
      text -> color(text, :string, opts)
    end
  end

  def term_doc(term, opts), do: term |> text(opts) |> color(color_of(term), opts)

  defp text(term, opts) do
    {:ok, text} = :rashomon.inspect(term, %{opts | syntax_colors: [], pretty: false}, %{})
    text
  end

  defp color_of(nil), do: nil
  defp color_of(term) when is_boolean(term), do: :boolean
  defp color_of(term) when is_atom(term), do: :atom
  defp color_of(term) when is_number(term), do: :number
  defp color_of(_), do: :other

  def charlist?(list, %{charlists: :infer, char_lists: :infer} = opts) do
    List.ascii_printable?(list, opts.printable_limit)
  end

  def charlist?(_list, %{charlists: charlists, char_lists: char_lists}) do
    charlists == :as_charlists or char_lists == :as_char_lists
  end

  # The error that an implementation raised, shown in place of the struct.
  defp failed(struct, opts, caught, stacktrace) do
    plain = Inspect.Opts.new(structs: false, syntax_colors: [], limit: opts.limit)
    {:ok, text} = :rashomon.inspect(struct, plain, %{})

    error = Inspect.Error.exception(exception: caught, stacktrace: stacktrace, inspected_struct: text)

    if opts.safe do
      Inspect.inspect(error, opts)
    else
      reraise(error, stacktrace)
    end
  end

  # Containers

  def container_doc(left, items, right, opts, fun, options \\ [])

  def container_doc(left, [], right, _opts, _fun, _options), do: concat(left, right)

  def container_doc(left, items, right, opts, fun, options) when is_list(items) and is_function(fun, 2) do
    break = Keyword.get(options, :break, :maybe)
    separator = Keyword.get(options, :separator, ",")
    {docs, simple?} = elements(items, opts.limit, opts, fun, separator, break == :maybe)
    flex? = simple? or break == :flex
    doc = joined(docs, flex?)

    if flex? do
      group(concat(concat(left, nest(doc, 1)), right))
    else
      group(concat(nest(concat(left, concat("" |> break(), doc)), 2), concat(break(""), right)))
    end
  end

  # Each element with its separator, and whether all are simple.
  defp elements([], _limit, _opts, _fun, _separator, simple?), do: {[], simple?}
  defp elements(_items, 0, _opts, _fun, _separator, simple?), do: {["..."], simple?}

  defp elements([item | items], limit, opts, fun, separator, simple?) when is_list(items) do
    limit = less(limit)
    doc = fun.(item, %{opts | limit: limit})
    {docs, simple?} = elements(items, limit, opts, fun, separator, simple? and simple?(doc))

    cond do
      doc == :doc_nil -> {docs, simple?}
      docs == [] -> {[doc], simple?}
      true -> {[concat(doc, separator) | docs], simple?}
    end
  end

  defp elements([item | tail], limit, opts, fun, _separator, simple?) do
    limit = less(limit)
    doc = fun.(item, %{opts | limit: limit})
    last = if limit == 0, do: "...", else: fun.(tail, %{opts | limit: limit})
    {[concat(doc, " |"), last], simple? and simple?(doc) and simple?(last)}
  end

  defp less(:infinity), do: :infinity
  defp less(limit), do: limit - 1

  defp joined([], _flex?), do: :doc_nil
  defp joined([doc], _flex?), do: doc
  defp joined([doc | docs], true), do: concat(doc, concat(flex_break(" "), joined(docs, true)))
  defp joined([doc | docs], false), do: concat(doc, concat(break(" "), joined(docs, false)))

  defp simple?({:doc_cons, left, right}), do: simple?(left) and simple?(right)
  defp simple?({:doc_color, doc, _}), do: simple?(doc)
  defp simple?({:doc_string, _, _}), do: true
  defp simple?(:doc_nil), do: true
  defp simple?({:rashomon_term, term, _}), do: term == {} or term == %{}
  defp simple?(doc), do: is_binary(doc)

  # Building blocks

  defmacro is_doc(doc) do
    quote do
      is_binary(unquote(doc)) or unquote(doc) in [:doc_nil, :doc_line] or
        (is_tuple(unquote(doc)) and
           elem(unquote(doc), 0) in [
             :doc_string,
             :doc_cons,
             :doc_nest,
             :doc_break,
             :doc_group,
             :doc_color,
             :doc_force,
             :doc_fits,
             :doc_collapse,
             :doc_limit,
             :rashomon_term
           ])
    end
  end

  def empty, do: :doc_nil
  def line, do: :doc_line
  def line(left, right), do: concat(left, concat(:doc_line, right))

  def string(string) when is_binary(string), do: {:doc_string, string, String.length(string)}

  def concat(left, right), do: {:doc_cons, left, right}
  def concat(docs) when is_list(docs), do: fold_doc(docs, &concat/2)

  def fold_doc([], _fun), do: :doc_nil
  def fold_doc([doc], _fun), do: doc
  def fold_doc([doc | docs], fun) when is_function(fun, 2), do: fun.(doc, fold_doc(docs, fun))

  def nest(doc, level, mode \\ :always)
  def nest(doc, :cursor, mode) when mode in [:always, :break], do: {:doc_nest, doc, :cursor, mode}
  def nest(doc, :reset, mode) when mode in [:always, :break], do: {:doc_nest, doc, :reset, mode}
  def nest(doc, 0, mode) when mode in [:always, :break], do: doc

  def nest(doc, level, mode) when is_integer(level) and level > 0 and mode in [:always, :break] do
    {:doc_nest, doc, level, mode}
  end

  def break(string \\ " ") when is_binary(string), do: {:doc_break, string, :strict}
  def flex_break(string \\ " ") when is_binary(string), do: {:doc_break, string, :flex}
  def collapse_lines(max) when is_integer(max) and max > 0, do: {:doc_collapse, max}
  def next_break_fits(doc, mode \\ :enabled) when mode in [:enabled, :disabled], do: {:doc_fits, doc, mode}
  def force_unfit(doc), do: {:doc_force, doc}
  def no_limit(doc), do: {:doc_limit, doc, :infinity}
  def group(doc, mode \\ :self) when mode in [:self, :inherit], do: {:doc_group, doc, mode}

  def space(left, right), do: concat(left, concat(" ", right))
  def glue(left, right), do: concat(left, concat(break(" "), right))
  def glue(left, string, right) when is_binary(string), do: concat(left, concat(break(string), right))
  def flex_glue(left, right), do: concat(left, concat(flex_break(" "), right))

  def flex_glue(left, string, right) when is_binary(string),
    do: concat(left, concat(flex_break(string), right))

  def color(doc, key, %{syntax_colors: colors}) do
    case Keyword.fetch(colors, key) do
      {:ok, color} ->
        concat({:doc_color, doc, color}, {:doc_color, :doc_nil, Keyword.get(colors, :reset, :reset)})

      :error ->
        doc
    end
  end
end
