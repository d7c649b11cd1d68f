# container[key], and the functions that get_in, put_in, update_in and pop_in take as keys.

defmodule Access do
  @callback fetch(term, key :: term) :: {:ok, term} | :error
  @callback get_and_update(data :: term, key :: term, fun :: term) :: {term, term}
  @callback pop(data :: term, key :: term) :: {term, term}

  def fetch(%module{} = struct, key), do: call(module, :fetch, [struct, key])
  def fetch(%{} = map, key), do: :maps.find(key, map)

  def fetch(list, key) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> {:ok, value}
      false -> :error
    end
  end

  def fetch(list, key) when is_list(list), do: not_atom(key)
  def fetch(nil, _key), do: :error

  def fetch!(container, key) do
    case fetch(container, key) do
      {:ok, value} -> value
      :error -> raise KeyError, key: key, term: container
    end
  end

  def get(container, key, default \\ nil)

  def get(%module{} = struct, key, default) do
    case call(module, :fetch, [struct, key]) do
      {:ok, value} -> value
      :error -> default
    end
  end

  def get(%{} = map, key, default) do
    case map do
      %{^key => value} -> value
      _ -> default
    end
  end

  def get(list, key, default) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> value
      false -> default
    end
  end

  def get(list, key, _default) when is_list(list), do: not_atom(key)
  def get(nil, _key, default), do: default

  def get_and_update(container, key, fun)
  def get_and_update(%module{} = struct, key, fun), do: call(module, :get_and_update, [struct, key, fun])
  def get_and_update(%{} = map, key, fun), do: Map.get_and_update(map, key, fun)
  def get_and_update(list, key, fun) when is_list(list), do: Keyword.get_and_update(list, key, fun)

  def get_and_update(nil, key, _fun),
    do: raise(ArgumentError, "could not put/update key #{inspect(key)} on a nil value")

  def pop(container, key)
  def pop(%module{} = struct, key), do: call(module, :pop, [struct, key])
  def pop(%{} = map, key), do: Map.pop(map, key)
  def pop(list, key) when is_list(list), do: Keyword.pop(list, key)
  def pop(nil, key), do: raise(ArgumentError, "could not pop key #{inspect(key)} on a nil value")

  defp not_atom(key) do
    raise ArgumentError, "the Access calls for keywords expect the key to be an atom, got: #{inspect(key)}"
  end

  defp call(module, name, args) do
    try do
      :erlang.apply(module, name, args)
    rescue
      error in UndefinedFunctionError ->
        case error do
          %{module: ^module, function: ^name, arity: arity} when arity == length(args) ->
            reraise %{error | reason: no_access(module)}, __STACKTRACE__

          _ ->
            reraise error, __STACKTRACE__
        end
    end
  end

  defp no_access(module) do
    "#{inspect(module)} does not implement the Access behaviour. If you are using get_in/put_in/update_in, " <>
      "you can specify the field to be accessed using Access.key!/1"
  end

  # -- functions as keys: (:get, data, next) and (:get_and_update, data, next) --------------------------

  def key(key, default \\ nil) do
    fn
      :get, nil, next ->
        next.(nil)

      :get, data, next ->
        next.(Map.get(data, key, default))

      :get_and_update, data, next ->
        value = Map.get(data, key, default)

        case next.(value) do
          {answer, update} -> {answer, Map.put(data, key, update)}
          :pop -> {value, Map.delete(data, key)}
        end
    end
  end

  def key!(key) do
    fn
      :get, %{} = data, next ->
        next.(Map.fetch!(data, key))

      :get_and_update, %{} = data, next ->
        value = Map.fetch!(data, key)

        case next.(value) do
          {answer, update} -> {answer, Map.put(data, key, update)}
          :pop -> {value, Map.delete(data, key)}
        end

      _action, data, _next ->
        raise "Access.key!/1 expected a map/struct, got: #{inspect(data)}"
    end
  end

  def elem(index) when is_integer(index) and index >= 0 do
    fn
      :get, data, next when is_tuple(data) ->
        next.(:erlang.element(index + 1, data))

      :get_and_update, data, next when is_tuple(data) ->
        case next.(:erlang.element(index + 1, data)) do
          {answer, update} -> {answer, :erlang.setelement(index + 1, data, update)}
          :pop -> raise "cannot pop data from a tuple"
        end

      _action, data, _next ->
        raise "Access.elem/1 expected a tuple, got: #{inspect(data)}"
    end
  end

  def all do
    fn
      :get, data, next when is_list(data) -> Enum.map(data, next)
      :get_and_update, data, next when is_list(data) -> update_if(data, next, fn _ -> true end)
      _action, data, _next -> raise "Access.all/0 expected a list, got: #{inspect(data)}"
    end
  end

  def filter(fun) when is_function(fun) do
    fn
      :get, data, next when is_list(data) -> data |> Enum.filter(fun) |> Enum.map(next)
      :get_and_update, data, next when is_list(data) -> update_if(data, next, fun)
      _action, data, _next -> raise "Access.filter/1 expected a list, got: #{inspect(data)}"
    end
  end

  defp update_if(list, next, fun), do: update_if(list, next, fun, [], [])

  defp update_if([x | rest], next, fun, answers, list) do
    if fun.(x) do
      case next.(x) do
        {answer, update} -> update_if(rest, next, fun, [answer | answers], [update | list])
        :pop -> update_if(rest, next, fun, [x | answers], list)
      end
    else
      update_if(rest, next, fun, answers, [x | list])
    end
  end

  defp update_if([], _next, _fun, answers, list), do: {:lists.reverse(answers), :lists.reverse(list)}

  def at(index) when is_integer(index) do
    fn action, data, next -> at(action, data, index, next, "Access.at/1", fn next -> next.(nil) end) end
  end

  def at!(index) when is_integer(index) do
    fn action, data, next ->
      at(action, data, index, next, "Access.at!/1", fn _ -> raise Enum.OutOfBoundsError end)
    end
  end

  defp at(:get, nil, _index, next, "Access.at/1", _missing), do: next.(nil)

  defp at(:get, data, index, next, _name, missing) when is_list(data) do
    case Enum.fetch(data, index) do
      {:ok, value} -> next.(value)
      :error -> missing.(next)
    end
  end

  defp at(:get_and_update, data, index, next, _name, missing) when is_list(data) do
    case Enum.fetch(data, index) do
      {:ok, value} ->
        case next.(value) do
          {answer, update} -> {answer, List.replace_at(data, index, update)}
          :pop -> {value, List.delete_at(data, index)}
        end

      :error ->
        missing.(fn _ -> {nil, data} end)
    end
  end

  defp at(_action, data, _index, _next, name, _missing),
    do: raise("#{name} expected a list, got: #{inspect(data)}")

  def slice(_.._//step = range) when step > 0 do
    fn
      :get, data, next when is_list(data) ->
        data |> Enum.slice(range) |> Enum.map(next)

      :get_and_update, data, next when is_list(data) ->
        places = data |> length() |> places(range)
        {answers, pairs} = update_if(Enum.with_index(data), pair_next(next), fn {_, i} -> i in places end)
        {Enum.map(answers, &answer/1), Enum.map(pairs, fn {x, _} -> x end)}

      _action, data, _next ->
        raise ArgumentError, "Access.slice/1 expected a list, got: #{inspect(data)}"
    end
  end

  def slice(_.._//_ = range) do
    raise ArgumentError, "Access.slice/1 does not accept ranges with negative steps, got: #{inspect(range)}"
  end

  defp places(size, first..last//step) do
    first = if first < 0, do: max(first + size, 0), else: first
    last = if last < 0, do: last + size, else: last
    first..last//step
  end

  # Answers come as {:answer, answer}; popped elements as {element, index}.
  defp pair_next(next) do
    fn {x, i} ->
      case next.(x) do
        {answer, update} -> {{:answer, answer}, {update, i}}
        :pop -> :pop
      end
    end
  end

  defp answer({:answer, answer}), do: answer
  defp answer({x, _index}), do: x
end
