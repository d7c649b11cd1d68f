# The functions of Kernel that are written in Elixir. The others, and the macros, belong to the compiler.
defmodule Kernel do
  # Text

  def inspect(term, options \\ [])

  def inspect(term, []), do: shown(term, %Inspect.Opts{})

  def inspect(term, options) when is_list(options) do
    opts = Inspect.Opts.new(options)

    if opts.inspect_fun == (&Inspect.inspect/2) do
      shown(term, opts)
    else
      Inspect.Algebra.inspect_with_fun(term, opts)
    end
  end

  defp shown(term, opts) do
    case :rashomon.inspect(term, opts, %{}) do
      {:ok, text} -> text
      {:structs, pairs} -> Inspect.Algebra.inspect_structs(term, opts, pairs)
    end
  end

  def left =~ "" when is_binary(left), do: true

  def left =~ right when is_binary(left) and is_binary(right) do
    :binary.match(left, right) != :nomatch
  end

  def left =~ right when is_binary(left), do: Regex.match?(right, left)

  # Functions by name

  def macro_exported?(module, name, arity) when is_atom(module) and is_atom(name) and is_integer(arity) do
    :erlang.function_exported(module, :__info__, 1) and {name, arity} in module.__info__(:macros)
  end

  # Structs

  def struct(struct, fields \\ [])
  def struct(struct, []) when is_atom(struct), do: own_struct(struct.__struct__(), struct)

  def struct(struct, fields) when is_atom(struct) do
    struct(own_struct(struct.__struct__(), struct), fields)
  end

  def struct(struct, fields) do
    struct(struct, fields, fn
      {:__struct__, _}, acc -> acc
      {key, value}, acc -> if is_map_key(acc, key), do: %{acc | key => value}, else: acc
    end)
  end

  defp struct(%{__struct__: module} = struct, [], _fun) when is_atom(module), do: struct

  defp struct(%{__struct__: module} = struct, fields, fun) when is_atom(module) do
    Enum.reduce(fields, struct, fun)
  end

  def struct!(struct, fields \\ [])

  def struct!(struct, fields) when is_atom(struct) do
    own_struct(struct.__struct__(fields), struct)
  end

  def struct!(struct, fields) when is_map(struct) do
    Enum.reduce(fields, struct, fn
      {:__struct__, _}, acc ->
        acc

      {key, value}, acc ->
        case acc do
          %{^key => _} -> %{acc | key => value}
          _ -> :erlang.error({:badkey, key, acc})
        end
    end)
  end

  defp own_struct(%{__struct__: module} = struct, module), do: struct

  defp own_struct(%{__struct__: other}, module) when is_atom(other) do
    raise ArgumentError,
          "expected struct name returned by #{inspect(module)}.__struct__/0 to be #{inspect(module)}, got: #{inspect(other)}"
  end

  defp own_struct(other, module) do
    raise ArgumentError,
          "expected #{inspect(module)}.__struct__/0 to return a map with a :__struct__ key that holds the name of the " <>
            "struct (atom), got: #{inspect(other)}"
  end

  # Nested data

  def get_in(nil, [_ | _]), do: nil
  def get_in(data, [fun]) when is_function(fun), do: fun.(:get, data, & &1)
  def get_in(data, [fun | keys]) when is_function(fun), do: fun.(:get, data, &get_in(&1, keys))
  def get_in(data, [key]), do: Access.get(data, key)
  def get_in(data, [key | keys]), do: get_in(Access.get(data, key), keys)

  def put_in(data, [_ | _] = keys, value) do
    elem(get_and_update_in(data, keys, fn _ -> {nil, value} end), 1)
  end

  def update_in(data, [_ | _] = keys, fun) when is_function(fun) do
    elem(get_and_update_in(data, keys, fn value -> {nil, fun.(value)} end), 1)
  end

  def get_and_update_in(data, keys, fun)

  def get_and_update_in(data, [access], fun) when is_function(access, 3) do
    access.(:get_and_update, data, fun)
  end

  def get_and_update_in(data, [access | keys], fun) when is_function(access, 3) do
    access.(:get_and_update, data, &get_and_update_in(&1, keys, fun))
  end

  def get_and_update_in(data, [key], fun) when is_function(fun, 1) do
    Access.get_and_update(data, key, fun)
  end

  def get_and_update_in(data, [key | keys], fun) when is_function(fun, 1) do
    Access.get_and_update(data, key, &get_and_update_in(&1, keys, fun))
  end

  def pop_in(data, keys)

  def pop_in(nil, [key | _]) do
    raise ArgumentError, "could not pop key " <> inspect(key) <> " on a nil value"
  end

  def pop_in(data, [_ | _] = keys), do: pop_at(data, keys)

  defp pop_at(nil, _), do: :pop

  defp pop_at(data, [access]) when is_function(access) do
    access.(:get_and_update, data, fn _ -> :pop end)
  end

  defp pop_at(data, [access | keys]) when is_function(access) do
    access.(:get_and_update, data, &pop_at(&1, keys))
  end

  defp pop_at(data, [key]), do: Access.pop(data, key)

  defp pop_at(data, [key | keys]) do
    Access.get_and_update(data, key, &pop_at(&1, keys))
  end
end
