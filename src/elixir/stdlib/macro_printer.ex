# Quoted expressions as the text of a program, laid out as the formatter does.
defmodule Macro.Printer do
  import Inspect.Algebra

  @width 98

  # The precedence of each operator, and to which side it groups.
  @binary %{
    :<- => {40, :left},
    :\\ => {40, :left},
    :when => {50, :right},
    :"::" => {60, :right},
    :| => {70, :right},
    := => {100, :right},
    :|| => {120, :left},
    :||| => {120, :left},
    :or => {120, :left},
    :&& => {130, :left},
    :&&& => {130, :left},
    :and => {130, :left},
    :== => {140, :left},
    :!= => {140, :left},
    :=~ => {140, :left},
    :=== => {140, :left},
    :!== => {140, :left},
    :< => {150, :left},
    :> => {150, :left},
    :<= => {150, :left},
    :>= => {150, :left},
    :|> => {160, :left},
    :<<< => {160, :left},
    :>>> => {160, :left},
    :<<~ => {160, :left},
    :~>> => {160, :left},
    :<~ => {160, :left},
    :~> => {160, :left},
    :<~> => {160, :left},
    :"<|>" => {160, :left},
    :in => {170, :left},
    :"^^^" => {180, :left},
    :"//" => {190, :right},
    :++ => {200, :right},
    :-- => {200, :right},
    :+++ => {200, :right},
    :--- => {200, :right},
    :.. => {200, :right},
    :<> => {200, :right},
    :+ => {210, :left},
    :- => {210, :left},
    :* => {220, :left},
    :/ => {220, :left},
    :** => {230, :left}
  }
  @unary [:!, :^, :not, :+, :-, :"~~~"]
  @boolean [:&&, :||, :and, :or]
  @hugging [:|>, :<<<, :>>>, :<<~, :~>>, :<~, :~>, :<~>]

  # Local calls that are written without parentheses, with their arities.
  @bare %{
    assert: [1, 2],
    assert_in_delta: [3, 4],
    assert_raise: [2, 3],
    assert_receive: [1, 2, 3],
    assert_received: [1, 2],
    refute: [1, 2],
    refute_in_delta: [3, 4],
    refute_receive: [1, 2, 3],
    refute_received: [1, 2],
    test: [1, 2],
    setup: [1, 2],
    setup_all: [1, 2],
    doctest: [1, 2],
    describe: [2],
    raise: [1, 2],
    reraise: [2, 3],
    import: [1, 2],
    alias: [1, 2],
    require: [1, 2],
    use: [1, 2],
    if: [2],
    unless: [2],
    case: [2],
    cond: [1],
    with: :all,
    for: :all,
    try: [1],
    receive: [1],
    quote: [1, 2],
    def: [1, 2],
    defp: [1, 2],
    defmacro: [1, 2],
    defmacrop: [1, 2],
    defmodule: [2],
    defprotocol: [2],
    defimpl: [2, 3],
    defstruct: [1],
    defexception: [1],
    defdelegate: [2],
    defguard: [1],
    defguardp: [1],
    defoverridable: [1],
    defrecord: [2, 3],
    defrecordp: [2, 3],
    config: [2, 3],
    import_config: [1],
    destructure: [2]
  }
  @sections [:do, :else, :rescue, :catch, :after]

  def to_string(quoted) do
    {:ok, text} = :rashomon.format_doc(group(doc(quoted)), @width, %{})
    text |> :binary.split("\n", [:global]) |> Enum.map_join("\n", &:rashomon.string_trim(&1, :trailing))
  end

  # Blocks

  defp doc({:__block__, _, []}), do: "nil"
  defp doc({:__block__, _, [one]}), do: doc(one)
  defp doc({:__block__, _, list}) when is_list(list), do: list |> lines() |> force_unfit()
  defp doc({:unquote_splicing, _, [_]} = call), do: concat(["(", call(call), ")"])

  # Literals

  defp doc(atom) when is_atom(atom), do: inspect(atom)
  defp doc(integer) when is_integer(integer), do: number(Integer.to_string(integer))
  defp doc(float) when is_float(float), do: number(inspect(float))

  defp doc(binary) when is_binary(binary),
    do: inspect(binary, binaries: :as_strings, printable_limit: :infinity)

  defp doc([]), do: "[]"
  defp doc([{:->, _, _} | _] = clauses), do: concat(["(", clauses(clauses), ")"])

  defp doc(list) when is_list(list) do
    if List.ascii_printable?(list) do
      inspect(list, printable_limit: :infinity)
    else
      container("[", list_elements(list), "]")
    end
  end

  defp doc({left, right}), do: tuple([left, right])
  defp doc({:{}, _, args}) when is_list(args), do: tuple(args)

  # Maps, structs, binaries

  defp doc({:%{}, _, args}) when is_list(args), do: map("%{", args)

  defp doc({:%, _, [name, {:%{}, _, args}]}), do: map(concat(["%", doc(name), "{"]), args)

  defp doc({:<<>>, _, parts} = binary) when is_list(parts) do
    cond do
      interpolated?(parts) -> concat(["\"", interpolation(parts, ?"), "\""])
      true -> bits(binary)
    end
  end

  defp doc({{:., _, [List, :to_charlist]}, meta, [parts]} = call) when is_list(parts) do
    if Keyword.has_key?(meta, :delimiter) or Enum.all?(parts, &charlist_part?/1) do
      concat(["'", interpolation(Enum.map(parts, &binary_part_of/1), ?'), "'"])
    else
      call(call)
    end
  end

  # Names

  defp doc({:__aliases__, _, [first | rest]}) do
    head = if is_atom(first), do: Atom.to_string(first), else: doc(first)
    concat([head | for(part <- rest, do: "." <> Atom.to_string(part))])
  end

  defp doc({name, _, context}) when is_atom(name) and is_atom(context), do: Atom.to_string(name)

  # Operators

  defp doc({:not, _, [{:in, meta, [left, right]}]}), do: binary(:in, "not in", left, right, meta)
  defp doc({:!, _, [{:in, meta, [left, right]}]}), do: binary(:in, "not in", left, right, meta)

  defp doc({:"..//", _, [first, last, step]}) do
    concat([operand(first, :.., :left), "..", operand(last, :.., :right), "//", operand(step, :"//", :right)])
  end

  defp doc({:.., _, []}), do: ".."
  defp doc({:..., _, []}), do: "..."

  defp doc({:&, _, [integer]}) when is_integer(integer), do: "&" <> Integer.to_string(integer)

  defp doc({:&, _, [{:/, _, [{name, _, context}, arity]}]})
       when is_atom(name) and is_atom(context) and is_integer(arity) do
    "&" <> Macro.inspect_atom(:remote_call, name) <> "/" <> Integer.to_string(arity)
  end

  defp doc({:&, _, [{:/, _, [{{:., _, [module, name]}, _, []}, arity]}]})
       when is_atom(name) and is_integer(arity) do
    concat(["&", remote(module), ".", Macro.inspect_atom(:remote_call, name), "/", Integer.to_string(arity)])
  end

  defp doc({:&, _, [body]}) do
    cond do
      operator?(body) or match?({:__block__, _, [_, _ | _]}, body) -> concat(["&(", doc(body), ")"])
      starts_with_argument?(body) -> concat("& ", doc(body))
      true -> concat("&", doc(body))
    end
  end

  defp doc({:@, _, [{name, _, context}]}) when is_atom(name) and is_atom(context) do
    "@" <> Atom.to_string(name)
  end

  defp doc({:@, _, [{name, _, [value]}]}) when is_atom(name) do
    concat(["@", Atom.to_string(name), " ", doc(value)])
  end

  defp doc({operator, _, [operand]}) when operator in @unary do
    text = Atom.to_string(operator)
    space = if operator == :not, do: " ", else: ""

    case operand do
      {^operator, _, [_]} when operator in [:!, :not] ->
        concat([text, space, doc(operand)])

      {inner, _, [_]} when inner in @unary ->
        concat([text, space, "(", doc(operand), ")"])

      _ ->
        if operator?(operand),
          do: concat([text, space, "(", doc(operand), ")"]),
          else: concat([text, space, doc(operand)])
    end
  end

  defp doc({operator, meta, [left, right]}) when is_atom(operator) and is_map_key(@binary, operator) do
    binary(operator, Atom.to_string(operator), left, right, meta)
  end

  # Functions

  defp doc({:fn, _, [{:->, _, [args, body]}]}) do
    head = if args == [], do: "fn ->", else: concat(["fn ", clause_args(args), " ->"])

    if several?(body) or block?(body) do
      force_unfit(concat([head, nest(concat(line(), body(body)), 2), line(), "end"]))
    else
      group(concat([head, nest(concat(break(" "), doc(body)), 2), break(" "), "end"]))
    end
  end

  defp doc({:fn, _, clauses}) do
    force_unfit(concat(["fn", nest(concat(line(), clauses(clauses)), 2), line(), "end"]))
  end

  # Calls

  defp doc({{:., _, [Access, :get]}, _, [container, key]}) do
    concat([subject(container), "[", doc(key), "]"])
  end

  defp doc({_, _, args} = call) when is_list(args), do: call(call)

  defp doc(other), do: inspect(other)

  defp call({name, meta, args} = call) do
    case sections(args) do
      {args, sections} -> force_unfit(concat([head(name, meta, args, true), do_blocks(sections)]))
      nil -> if sigil?(call), do: sigil(call), else: head(name, meta, args, false)
    end
  end

  # The call without its do block.
  defp head({:., _, [module, :{}]}, _meta, args, _block?),
    do: container(concat(doc(module), ".{"), elements(args), "}")

  defp head({:., _, [module, name]}, meta, args, block?) when is_atom(name) do
    target = concat([remote(module), ".", Macro.inspect_atom(:remote_call, name)])

    bare? =
      args == [] and
        (block? or
           (Keyword.get(meta, :no_parens, false) and not match?({:__aliases__, _, _}, module) and
              not is_atom(module)))

    if bare?, do: target, else: arguments(target, args)
  end

  defp head({:., _, [function]}, _meta, args, _block?), do: arguments(concat(subject(function), "."), args)

  defp head(name, _meta, args, block?) when is_atom(name) do
    text = if name == :unquote_splicing, do: "unquote_splicing", else: Macro.inspect_atom(:remote_call, name)

    cond do
      block? and args == [] -> text
      args != [] and bare?(name, length(args), block?) -> bare_call(text, args)
      true -> arguments(text, args)
    end
  end

  defp head(function, _meta, args, _block?), do: arguments(concat(["(", doc(function), ")"]), args)

  defp bare?(name, arity, block?) do
    case @bare do
      %{^name => :all} -> true
      %{^name => arities} -> if(block?, do: arity + 1, else: arity) in arities
      _ -> false
    end
  end

  defp bare_call(text, args) do
    docs = elements(args)
    group(concat([text, " ", nest(strict(docs), byte_size(text) + 1)]))
  end

  defp arguments(target, []), do: concat(target, "()")

  defp arguments(target, args) do
    {init, [last]} = Enum.split(args, -1)

    if hugs?(last) and not Enum.any?(init, &(hugs?(&1) and not is_list(&1))) do
      docs = Enum.map(init, &concat(doc(&1), ", "))
      concat([target, "(", concat(docs ++ [group(last_argument(last))]), ")"])
    else
      container(concat(target, "("), elements(args), ")")
    end
  end

  defp last_argument(list) when is_list(list) and list != [] do
    if Keyword.keyword?(list) and not block_keyword?(list), do: strict(pairs(list)), else: doc(list)
  end

  defp last_argument(last), do: doc(last)

  defp hugs?({:fn, _, _}), do: true
  defp hugs?({:%{}, _, [_ | _]}), do: true
  defp hugs?({:%, _, [_, {:%{}, _, [_ | _]}]}), do: true
  defp hugs?([_ | _] = list), do: not Keyword.keyword?(list)
  defp hugs?(_), do: false

  defp remote({:__aliases__, _, _} = module), do: doc(module)
  defp remote(module) when is_atom(module), do: inspect(module)
  defp remote(expression), do: subject(expression)

  # What stands before a dot or a bracket.
  defp subject(expression) do
    if operator?(expression) or match?({:fn, _, _}, expression) or capture?(expression) or
         match?({:__block__, _, [_, _ | _]}, expression) do
      concat(["(", doc(expression), ")"])
    else
      doc(expression)
    end
  end

  defp capture?({:&, _, [body]}), do: not is_integer(body)
  defp capture?(_), do: false

  # do blocks

  defp sections([]), do: nil

  defp sections(args) do
    last = List.last(args)

    if is_list(last) and block_keyword?(last) do
      {Enum.drop(args, -1), last}
    end
  end

  defp block_keyword?([{:do, _} | _] = list) do
    Enum.all?(list, fn
      {key, _} -> key in @sections
      _ -> false
    end)
  end

  defp block_keyword?(_), do: false

  defp do_blocks(sections) do
    concat(
      [" do"] ++
        for {{key, body}, index} <- Enum.with_index(sections) do
          name = if index == 0, do: :doc_nil, else: concat(line(), Atom.to_string(key))
          concat(name, nest(concat(line(), section(body)), 2))
        end ++ [line(), "end"]
    )
  end

  defp section([{:->, _, _} | _] = clauses), do: clauses(clauses)
  defp section(body), do: body(body)

  defp clauses(clauses) do
    long? = Enum.any?(clauses, fn {:->, _, [_, body]} -> several?(body) or block?(body) end)

    docs =
      for {:->, _, [args, body]} <- clauses do
        head = if args == [], do: "() ->", else: concat(clause_args(args), " ->")

        if long? do
          concat(head, nest(concat(line(), body(body)), 2))
        else
          group(concat(head, nest(concat(break(" "), doc(body)), 2)))
        end
      end

    if long?, do: joined(docs, concat(line(), line())), else: joined(docs, line())
  end

  defp clause_args([{:when, _, args}]) when length(args) > 1 do
    {args, [guard]} = Enum.split(args, -1)
    concat([joined(Enum.map(args, &doc/1), ", "), " when ", doc(guard)])
  end

  defp clause_args(args), do: joined(elements(args), ", ")

  defp body({:__block__, _, [_, _ | _] = list}), do: lines(list)
  defp body(expression), do: doc(expression)

  defp lines(list), do: joined(Enum.map(list, &group(doc(&1))), line())

  defp several?({:__block__, _, [_, _ | _]}), do: true
  defp several?(_), do: false

  # Whether it takes several lines in any case.
  defp block?({_, _, args}) when is_list(args), do: sections(args) != nil
  defp block?(_), do: false

  # Operators

  defp binary(operator, text, left, right, _meta) do
    left = operand(left, operator, :left)

    cond do
      operator in [:.., :"//"] ->
        concat([left, text, operand(right, operator, :right)])

      operator == :"::" ->
        concat([left, " :: ", operand(right, operator, :right)])

      operator in @hugging ->
        concat([left, break(" "), text, " ", nest(operand(right, operator, :right), 0)])

      operator == := and (block?(right) or several?(right) or multiline_call?(right)) ->
        force_unfit(concat([left, " =", nest(concat(line(), operand(right, operator, :right)), 2)]))

      hugs?(right) ->
        concat([left, " ", text, " ", group(operand(right, operator, :right))])

      true ->
        concat([left, " ", text, group(nest(concat(break(" "), group(operand(right, operator, :right))), 2))])
    end
  end

  defp multiline_call?({_, _, [_ | _] = args}) do
    case List.last(args) do
      {:fn, _, [{:->, _, [_, body]}]} -> several?(body) or block?(body)
      {:fn, _, _} -> true
      _ -> false
    end
  end

  defp multiline_call?(_), do: false

  defp operand({:__block__, _, [_, _ | _] = list}, _operator, _side) do
    force_unfit(concat(["(", nest(concat(line(), lines(list)), 2), line(), ")"]))
  end

  defp operand({:fn, _, _} = function, _operator, _side), do: doc(function)

  defp operand(expression, operator, side) do
    if parens?(expression, operator, side), do: concat(["(", doc(expression), ")"]), else: doc(expression)
  end

  defp parens?({:not, _, [{:in, meta, args}]}, operator, side), do: parens?({:in, meta, args}, operator, side)
  defp parens?({:&, _, [integer]}, _operator, _side) when is_integer(integer), do: false
  defp parens?({:&, _, [_]}, _operator, :left), do: true
  defp parens?({:"..//", _, [_, _, _]}, operator, _), do: elem(Map.fetch!(@binary, operator), 0) > 140

  defp parens?({inner, _, [_, _]}, operator, side) when is_map_key(@binary, inner) do
    {outer_level, outer_side} = Map.fetch!(@binary, operator)
    {inner_level, _} = Map.fetch!(@binary, inner)

    cond do
      inner_level < outer_level -> true
      inner_level == outer_level -> side != outer_side or (inner != operator and operator in [:|> | @boolean])
      operator in @boolean and inner in @boolean -> true
      operator == :|> and inner_level > 160 -> inner in [:++, :--, :<>, :.., :+, :-, :*, :/, :in, :**]
      operator == :.. -> true
      true -> false
    end
  end

  defp parens?({inner, _, [_]}, operator, _side) when inner in @unary do
    operator == :** or false
  end

  defp parens?(_, _, _), do: false

  defp operator?({:not, _, [{:in, _, [_, _]}]}), do: true
  defp operator?({operator, _, [_, _]}) when is_atom(operator), do: is_map_key(@binary, operator)
  defp operator?({:"..//", _, [_, _, _]}), do: true
  defp operator?({operator, _, [_]}) when operator in @unary, do: true
  defp operator?(_), do: false

  defp starts_with_argument?({:&, _, [integer]}), do: is_integer(integer)
  defp starts_with_argument?({{:., _, [Access, :get]}, _, [first, _]}), do: starts_with_argument?(first)
  defp starts_with_argument?({{:., _, [first | _]}, _, _}), do: starts_with_argument?(first)
  defp starts_with_argument?(_), do: false

  # Containers

  defp container(left, [], right), do: concat(left, right)

  defp container(left, docs, right) do
    group(concat([nest(concat([left, break(""), strict(docs)]), 2), break(""), right]))
  end

  defp tuple(args),
    do: group(concat(["{", nest(joined(elements(args), concat(",", flex_break(" "))), 1), "}"]))

  defp map(left, [{:|, _, [map, pairs]}]) do
    [first | rest] = pairs(pairs)
    container(left, [concat([doc(map), " | ", first]) | rest], "}")
  end

  defp map(left, pairs), do: container(left, pairs(pairs), "}")

  # A keyword list at the end of a call or a tuple needs no brackets, nor do pairs at the end of a list.
  defp elements(list) do
    {init, last} = Enum.split(list, -1)

    case last do
      [[{_, _} | _] = pairs] ->
        if Keyword.keyword?(pairs),
          do: Enum.map(init, &element/1) ++ pairs(pairs),
          else: Enum.map(list, &element/1)

      _ ->
        Enum.map(list, &element/1)
    end
  end

  defp list_elements(list) do
    {plain, keywords} = split_keywords(list)
    Enum.map(plain, &element/1) ++ pairs(keywords)
  end

  defp element({:__block__, _, [_, _ | _]} = block), do: operand(block, :=, :right)
  defp element(expression), do: doc(expression)

  defp split_keywords(list) do
    {keywords, plain} = list |> Enum.reverse() |> Enum.split_while(&keyword_pair?/1)
    {Enum.reverse(plain), Enum.reverse(keywords)}
  end

  defp keyword_pair?({key, _}) when is_atom(key), do: true
  defp keyword_pair?(_), do: false

  defp pairs(pairs) do
    for pair <- pairs do
      case pair do
        {key, value} when is_atom(key) -> concat([Macro.inspect_atom(:key, key), " ", doc(value)])
        {key, value} -> concat([subject(key), " => ", element(value)])
        other -> doc(other)
      end
    end
  end

  defp strict(docs), do: joined(docs, concat(",", break(" ")))

  defp joined([], _separator), do: :doc_nil
  defp joined([doc], _separator), do: doc
  defp joined([doc | docs], separator), do: concat([doc, separator, joined(docs, separator)])

  # Strings, sigils, bits

  defp interpolated?(parts) do
    Enum.any?(parts, &interpolated_part?/1) and
      Enum.all?(parts, fn part -> is_binary(part) or interpolated_part?(part) end)
  end

  defp interpolated_part?({:"::", _, [{{:., _, [Kernel, :to_string]}, _, [_]}, {:binary, _, context}]}) do
    is_atom(context)
  end

  defp interpolated_part?(_), do: false

  defp charlist_part?(part) when is_binary(part), do: true
  defp charlist_part?({{:., _, [Kernel, :to_string]}, _, [_]}), do: true
  defp charlist_part?(_), do: false

  defp binary_part_of(part) when is_binary(part), do: part
  defp binary_part_of(part), do: {:"::", [], [part, {:binary, [], nil}]}

  defp interpolation(parts, delimiter) do
    concat(
      for part <- parts do
        case part do
          {:"::", _, [{_, _, [expression]}, _]} -> concat(["\#{", doc(expression), "}"])
          text -> escape(text, delimiter)
        end
      end
    )
  end

  defp escape(text, nil), do: text

  defp escape(text, delimiter) do
    quoted = inspect(text, binaries: :as_strings, printable_limit: :infinity)
    inner = :erlang.binary_part(quoted, 1, byte_size(quoted) - 2)
    if delimiter == ?", do: inner, else: inner |> String.replace("\\\"", "\"") |> String.replace("'", "\\'")
  end

  defp sigil?({name, _, [{:<<>>, _, parts}, modifiers]})
       when is_atom(name) and is_list(parts) and is_list(modifiers) do
    match?(<<"sigil_", _>>, Atom.to_string(name))
  end

  defp sigil?(_), do: false

  defp sigil({name, meta, [{:<<>>, _, parts}, modifiers]}) do
    <<"sigil_", letter>> = Atom.to_string(name)
    open = Keyword.get(meta, :delimiter, "\"")
    open = if byte_size(open) == 3, do: "\"", else: open
    close = Map.get(%{"(" => ")", "[" => "]", "{" => "}", "<" => ">"}, open, open)
    text = for part <- parts, do: sigil_part(part, close)
    concat(["~", <<letter>>, open, concat(text), close, List.to_string(modifiers)])
  end

  defp sigil_part({:"::", _, [{_, _, [expression]}, _]}, _close), do: concat(["\#{", doc(expression), "}"])
  defp sigil_part(text, close), do: String.replace(text, close, "\\" <> close)

  defp bits({:<<>>, _, parts}) do
    docs =
      for part <- parts do
        case part do
          {:"::", _, [value, size]} -> concat([bit_value(value), "::", bit_size_of(size)])
          value -> doc(value)
        end
      end

    group(concat(["<<", nest(joined(docs, concat(",", flex_break(" "))), 2), ">>"]))
  end

  defp bit_value({_, _, [_, _]} = value), do: operand(value, :-, :left)
  defp bit_value(value), do: operand(value, :"::", :left)
  defp bit_size_of({:-, _, [left, right]}), do: concat([bit_size_of(left), "-", bit_size_of(right)])
  defp bit_size_of({:*, _, [left, right]}), do: concat([bit_size_of(left), "*", bit_size_of(right)])
  defp bit_size_of(size), do: doc(size)

  # 1000000 is written 1_000_000.
  defp number("-" <> digits), do: "-" <> number(digits)

  defp number(text) do
    case :binary.split(text, ".") do
      [digits, rest] -> grouped(digits) <> "." <> rest
      [digits] -> grouped(digits)
    end
  end

  defp grouped(digits) when byte_size(digits) < 6, do: digits
  defp grouped(digits), do: groups(digits, rem(byte_size(digits), 3))

  defp groups(digits, 0), do: digits |> in_threes() |> Enum.join("_")

  defp groups(digits, head),
    do:
      Enum.join(
        [binary_part(digits, 0, head) | in_threes(binary_part(digits, head, byte_size(digits) - head))],
        "_"
      )

  defp in_threes(""), do: []
  defp in_threes(<<three::binary-size(3), rest::binary>>), do: [three | in_threes(rest)]
end
