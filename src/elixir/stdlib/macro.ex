# Working with quoted expressions.
defmodule Macro do
  def to_string(quoted), do: Macro.Printer.to_string(quoted)

  def to_string(quoted, fun) when is_function(fun, 2) do
    fun.(quoted, Macro.Printer.to_string(quoted))
  end

  # How an atom is written: by itself, as a key, or after a dot.
  def inspect_atom(:literal, atom), do: literal(atom)
  def inspect_atom(:key, atom), do: key(literal(atom), atom)
  def inspect_atom(:remote_call, atom), do: bare(literal(atom), atom)

  defp literal(atom) when is_atom(atom) do
    {:ok, text} = :rashomon.inspect(atom, %Inspect.Opts{}, %{})
    text
  end

  defp key(":" <> text, _atom), do: text <> ":"
  defp key(text, atom) when atom in [nil, true, false], do: text <> ":"
  defp key(_text, atom), do: "\"" <> :erlang.atom_to_binary(atom, :utf8) <> "\":"

  @not_callable ["{}", "%{}", "%", "..", "...", "<<>>", "..//", "."]

  defp bare(":\"" <> _ = text, _atom), do: :erlang.binary_part(text, 1, byte_size(text) - 1)

  defp bare(":" <> <<first, _::binary>> = text, _atom) do
    name = :erlang.binary_part(text, 1, byte_size(text) - 1)

    if first in ?A..?Z or name in @not_callable or (first in ?a..?z and :binary.match(name, "@") != :nomatch) do
      "\"" <> name <> "\""
    else
      name
    end
  end

  defp bare(text, atom) when atom in [nil, true, false], do: text
  defp bare(_text, atom), do: "\"" <> :erlang.atom_to_binary(atom, :utf8) <> "\""

  def classify_atom(atom) do
    case literal(atom) do
      ":\"" <> _ -> :quoted
      ":" <> text -> if operator_text?(text), do: :unquoted, else: :identifier
      text when text in ["nil", "true", "false"] -> :identifier
      _ -> :alias
    end
  end

  defp operator_text?(<<char, _::binary>>), do: not (char in ?a..?z or char == ?_ or char > 127)

  def var(name, context) when is_atom(name) and is_atom(context), do: {name, [], context}

  def unique_var(name, context) when is_atom(name) and is_atom(context) do
    {name, [counter: :erlang.unique_integer([:positive])], context}
  end

  def generate_arguments(0, context) when is_atom(context), do: []

  def generate_arguments(count, context) when is_integer(count) and count > 0 and is_atom(context) do
    for index <- 1..count, do: var(String.to_atom("arg" <> Integer.to_string(index)), context)
  end

  def generate_unique_arguments(0, context) when is_atom(context), do: []

  def generate_unique_arguments(count, context) when is_integer(count) and count > 0 and is_atom(context) do
    for index <- 1..count, do: unique_var(String.to_atom("arg" <> Integer.to_string(index)), context)
  end

  def escape(term, options \\ []), do: :rashomon.macro_escape(term, Keyword.get(options, :unquote, false))

  # Names of modules, macros of modules that are required, and the macros of Kernel that stand for a case.
  def expand_once({:__aliases__, _, [first | rest] = parts} = ast, env) do
    cond do
      not Enum.all?(parts, &is_atom/1) -> ast
      module = List.keyfind(env.aliases, Module.concat([first]), 0) -> Module.concat([elem(module, 1) | rest])
      first == :__MODULE__ -> Module.concat([env.module | rest])
      true -> Module.concat(parts)
    end
  end

  def expand_once({:__MODULE__, _, context}, env) when is_atom(context), do: env.module

  def expand_once({{:., _, [module, name]}, _, args} = ast, env) when is_atom(name) and is_list(args) do
    module = expand_once(module, env)
    function = :erlang.binary_to_atom("MACRO-" <> Atom.to_string(name), :utf8)

    if is_atom(module) and module in env.requires and function_exported?(module, function, length(args) + 1) do
      apply(module, function, [env | args])
    else
      ast
    end
  end

  def expand_once({name, _, args} = ast, _env) when is_atom(name) and is_list(args) do
    kernel_macro(name, args, ast)
  end

  def expand_once(ast, _env), do: ast

  defp kernel_macro(:|>, [left, right], _), do: pipe(left, right, 0)

  defp kernel_macro(:unless, [condition, blocks], _) do
    {body, otherwise} = {Keyword.get(blocks, :do), Keyword.get(blocks, :else)}

    quote do
      if unquote(condition) do
        unquote(otherwise)
      else
        unquote(body)
      end
    end
  end

  defp kernel_macro(:if, [condition, blocks], _) do
    quote do
      case unquote(condition) do
        x when unquote(falsy()) -> unquote(Keyword.get(blocks, :else))
        _ -> unquote(Keyword.get(blocks, :do))
      end
    end
  end

  defp kernel_macro(:&&, [left, right], _) do
    quote do
      case unquote(left) do
        x when unquote(falsy()) -> x
        _ -> unquote(right)
      end
    end
  end

  defp kernel_macro(:||, [left, right], _) do
    quote do
      case unquote(left) do
        x when unquote(falsy()) -> unquote(right)
        x -> x
      end
    end
  end

  defp kernel_macro(:!, [value], _) do
    quote do
      case unquote(value) do
        x when unquote(falsy()) -> true
        _ -> false
      end
    end
  end

  defp kernel_macro(:and, [left, right], _), do: strict(:and, left, [{false, false}, {true, right}])
  defp kernel_macro(:or, [left, right], _), do: strict(:or, left, [{false, right}, {true, true}])
  defp kernel_macro(:is_nil, [value], _), do: {:==, [], [value, nil]}
  defp kernel_macro(:to_string, [value], _), do: quote(do: String.Chars.to_string(unquote(value)))
  defp kernel_macro(_name, _args, ast), do: ast

  defp falsy, do: quote(do: Kernel.in(x, [false, nil]))

  defp strict(name, left, [{false, no}, {true, yes}]) do
    quote do
      case unquote(left) do
        false -> unquote(no)
        true -> unquote(yes)
        other -> :erlang.error({:badbool, unquote(name), other})
      end
    end
  end

  def expand(ast, env) do
    case expand_once(ast, env) do
      ^ast -> ast
      expanded -> expand(expanded, env)
    end
  end

  def struct!(module, _env) when is_atom(module), do: module.__struct__()

  def update_meta({left, meta, right}, fun) when is_list(meta), do: {left, fun.(meta), right}
  def update_meta(other, _fun), do: other

  # Walking

  def traverse(ast, acc, pre, post) when is_function(pre, 2) and is_function(post, 2) do
    {ast, acc} = pre.(ast, acc)
    walk(ast, acc, pre, post)
  end

  defp walk({form, meta, args}, acc, pre, post) when is_atom(form) do
    {args, acc} = walk_args(args, acc, pre, post)
    post.({form, meta, args}, acc)
  end

  defp walk({form, meta, args}, acc, pre, post) do
    {form, acc} = pre.(form, acc)
    {form, acc} = walk(form, acc, pre, post)
    {args, acc} = walk_args(args, acc, pre, post)
    post.({form, meta, args}, acc)
  end

  defp walk({left, right}, acc, pre, post) do
    {left, acc} = pre.(left, acc)
    {left, acc} = walk(left, acc, pre, post)
    {right, acc} = pre.(right, acc)
    {right, acc} = walk(right, acc, pre, post)
    post.({left, right}, acc)
  end

  defp walk(list, acc, pre, post) when is_list(list) do
    {list, acc} = walk_args(list, acc, pre, post)
    post.(list, acc)
  end

  defp walk(other, acc, _pre, post), do: post.(other, acc)

  defp walk_args(args, acc, _pre, _post) when is_atom(args), do: {args, acc}

  defp walk_args(args, acc, pre, post) when is_list(args) do
    Enum.map_reduce(args, acc, fn arg, acc ->
      {arg, acc} = pre.(arg, acc)
      walk(arg, acc, pre, post)
    end)
  end

  def prewalk(ast, fun) when is_function(fun, 1) do
    elem(traverse(ast, nil, fn node, nil -> {fun.(node), nil} end, fn node, nil -> {node, nil} end), 0)
  end

  def prewalk(ast, acc, fun) when is_function(fun, 2),
    do: traverse(ast, acc, fun, fn node, acc -> {node, acc} end)

  def postwalk(ast, fun) when is_function(fun, 1) do
    elem(traverse(ast, nil, fn node, nil -> {node, nil} end, fn node, nil -> {fun.(node), nil} end), 0)
  end

  def postwalk(ast, acc, fun) when is_function(fun, 2),
    do: traverse(ast, acc, fn node, acc -> {node, acc} end, fun)

  def prewalker(ast) do
    {_, nodes} = prewalk(ast, [], fn node, acc -> {node, [node | acc]} end)
    :lists.reverse(nodes)
  end

  def postwalker(ast) do
    {_, nodes} = postwalk(ast, [], fn node, acc -> {node, [node | acc]} end)
    :lists.reverse(nodes)
  end

  def path(ast, fun) when is_function(fun, 1), do: find_path(ast, [], fun)

  defp find_path(ast, above, fun) do
    if fun.(ast), do: [ast | above], else: find_below(ast, [ast | above], fun)
  end

  defp find_below({form, _, args}, above, fun) when is_atom(form), do: find_among(args, above, fun)

  defp find_below({form, _, args}, above, fun),
    do: find_path(form, above, fun) || find_among(args, above, fun)

  defp find_below({left, right}, above, fun), do: find_path(left, above, fun) || find_path(right, above, fun)
  defp find_below(list, above, fun) when is_list(list), do: find_among(list, above, fun)
  defp find_below(_, _, _), do: nil

  defp find_among(args, above, fun) when is_list(args), do: Enum.find_value(args, &find_path(&1, above, fun))
  defp find_among(_, _, _), do: nil

  # Calls

  def decompose_call({:{}, _, args}) when is_list(args), do: :error

  def decompose_call({{:., _, [remote, function]}, _, args}) when is_tuple(remote) or is_atom(remote) do
    {remote, function, args}
  end

  def decompose_call({name, _, args}) when is_atom(name) and is_atom(args), do: {name, []}
  def decompose_call({name, _, args}) when is_atom(name) and is_list(args), do: {name, args}
  def decompose_call(_), do: :error

  def pipe(expression, {form, _, _} = call, _index) when form in [:{}, :%{}, :%, :<<>>, :__aliases__] do
    cannot_pipe(expression, call)
  end

  def pipe(expression, {:&, _, [{:/, _, [_, arity]}]} = call, _index) when is_integer(arity) do
    cannot_pipe(expression, call)
  end

  def pipe(expression, {:fn, _, _}, _index) do
    raise ArgumentError,
          "cannot pipe #{Macro.to_string(expression)} into an anonymous function without calling the function; " <>
            "use Kernel.then/2 instead or define the anonymous function as a regular private function"
  end

  def pipe(expression, {call, meta, context}, index) when is_atom(context) do
    {call, meta, List.insert_at([], index, expression)}
  end

  def pipe(_expression, {operator, _, [operand]}, _index) when operator in [:+, :-, :!, :not, :^, :"~~~"] do
    raise ArgumentError,
          "piping into a unary operator is not supported, please use the qualified name: " <>
            "Kernel.#{operator}(#{Macro.to_string(operand)}), instead of #{Macro.to_string({operator, [], [operand]})}"
  end

  def pipe(expression, {operator, _, [_, _]} = call, _index)
      when operator in [
             :+,
             :-,
             :*,
             :/,
             :++,
             :--,
             :<>,
             :==,
             :!=,
             :<,
             :>,
             :<=,
             :>=,
             :and,
             :or,
             :&&,
             :||,
             :in,
             :=~,
             :..
           ] do
    raise ArgumentError,
          "cannot pipe #{Macro.to_string(expression)} into #{Macro.to_string(call)}, " <>
            "the #{inspect(operator)} operator can only take one argument"
  end

  def pipe(expression, {call, meta, args}, index) when is_list(args) do
    {call, meta, List.insert_at(args, index, expression)}
  end

  def pipe(expression, other, _index), do: cannot_pipe(expression, other)

  defp cannot_pipe(expression, call) do
    raise ArgumentError,
          "cannot pipe #{Macro.to_string(expression)} into #{Macro.to_string(call)}, " <>
            "can only pipe into local calls foo(), remote calls Foo.bar() or anonymous function calls foo.()"
  end

  def unpipe(expression), do: :lists.reverse(unpipe(expression, []))

  defp unpipe({:|>, _, [left, right]}, acc), do: unpipe(right, unpipe(left, acc))
  defp unpipe(expression, acc), do: [{expression, 0} | acc]

  # Names

  def camelize(""), do: ""
  def camelize(<<?_, rest::binary>>), do: camelize(rest)
  def camelize(<<char, rest::binary>>) when char in ?a..?z, do: <<char - 32, camel(rest)::binary>>
  def camelize(<<char, rest::binary>>), do: <<char, camel(rest)::binary>>

  defp camel(<<?_, ?_, rest::binary>>), do: camel(<<?_, rest::binary>>)
  defp camel(<<?_, char, rest::binary>>) when char in ?a..?z, do: <<char - 32, camel(rest)::binary>>
  defp camel(<<?_, char, rest::binary>>) when char in ?0..?9, do: <<char, camel(rest)::binary>>
  defp camel(<<?_>>), do: <<>>
  defp camel(<<?/, rest::binary>>), do: <<?., camelize(rest)::binary>>
  defp camel(<<char, rest::binary>>), do: <<char, camel(rest)::binary>>
  defp camel(<<>>), do: <<>>

  def underscore(atom) when is_atom(atom) do
    case Atom.to_string(atom) do
      "Elixir." <> rest -> underscore(rest)
      text -> underscore(text)
    end
  end

  def underscore(""), do: ""
  def underscore(<<char, rest::binary>>), do: <<lower(char), snake(rest, char)::binary>>

  defp snake(<<char, next, rest::binary>>, _previous)
       when char in ?A..?Z and next not in ?A..?Z and next != ?. and next != ?_ do
    <<?_, lower(char), next, snake(rest, next)::binary>>
  end

  defp snake(<<char, rest::binary>>, previous)
       when char in ?A..?Z and previous not in ?A..?Z and previous != ?_ do
    <<?_, lower(char), snake(rest, char)::binary>>
  end

  defp snake(<<?., rest::binary>>, _previous), do: <<?/, underscore(rest)::binary>>
  defp snake(<<char, rest::binary>>, _previous), do: <<lower(char), snake(rest, char)::binary>>
  defp snake(<<>>, _previous), do: <<>>

  defp lower(char) when char in ?A..?Z, do: char + 32
  defp lower(char), do: char

  @operators %{
    1 => [:!, :@, :^, :not, :+, :-, :"~~~", :&],
    2 =>
      [
        :=,
        :==,
        :!=,
        :===,
        :!==,
        :<,
        :>,
        :<=,
        :>=,
        :+,
        :-,
        :*,
        :/,
        :++,
        :--,
        :<>,
        :..,
        :|>,
        :in,
        :and,
        :or,
        :&&
      ] ++
        [
          :||,
          :=~,
          :|,
          :"::",
          :when,
          :<-,
          :\\,
          :**,
          :&&&,
          :|||,
          :"^^^",
          :<<<,
          :>>>,
          :~>,
          :<~,
          :~>>,
          :<<~,
          :<~>,
          :"//"
        ],
    3 => [:"..//"]
  }

  def operator?(name, arity) when is_atom(name) and is_integer(arity),
    do: name in Map.get(@operators, arity, [])

  def special_form?(name, arity) when is_atom(name) and is_integer(arity) do
    name in [
      :%,
      :%{},
      :&,
      :.,
      :"::",
      :<<>>,
      :=,
      :^,
      :__CALLER__,
      :__DIR__,
      :__ENV__,
      :__MODULE__,
      :__STACKTRACE__
    ] or
      name in [:__aliases__, :__block__, :alias, :case, :cond, :fn, :for, :import, :quote, :receive, :require] or
      name in [:super, :try, :unquote, :unquote_splicing, :with, :{}]
  end

  def quoted_literal?({:%, _, [name, {:%{}, _, args}]}), do: quoted_literal?(name) and quoted_literal?(args)
  def quoted_literal?({:%{}, _, args}), do: quoted_literal?(args)
  def quoted_literal?({:{}, _, args}), do: quoted_literal?(args)
  def quoted_literal?({:__aliases__, _, args}), do: quoted_literal?(args)
  def quoted_literal?({sign, _, [number]}) when sign in [:+, :-], do: is_number(number)
  def quoted_literal?({left, right}), do: quoted_literal?(left) and quoted_literal?(right)
  def quoted_literal?(list) when is_list(list), do: Enum.all?(list, &quoted_literal?/1)
  def quoted_literal?(term), do: is_atom(term) or is_number(term) or is_binary(term)

  def validate(term), do: if(valid?(term), do: :ok, else: {:error, term})

  defp valid?(list) when is_list(list), do: Enum.all?(list, &valid?/1)
  defp valid?({left, right}), do: valid?(left) and valid?(right)

  defp valid?({form, meta, args}) when is_list(meta) and (is_atom(args) or is_list(args)) do
    (is_atom(form) or (is_tuple(form) and valid?(form))) and (is_atom(args) or valid?(args))
  end

  defp valid?(term), do: is_atom(term) or is_number(term) or is_binary(term) or is_pid(term)
end
