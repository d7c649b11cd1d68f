# The functions of Erlang's maps module that take functions, and its iterators. The others are built in.

defmodule :maps do
  def map(fun, map) when is_function(fun, 2), do: :maps.from_list(map_1(pairs(map), fun))
  def map(_fun, map), do: wrong(map)

  defp map_1([{key, value} | rest], fun), do: [{key, fun.(key, value)} | map_1(rest, fun)]
  defp map_1([], _fun), do: []

  def filter(fun, map) when is_function(fun, 2), do: :maps.from_list(filter_1(pairs(map), fun))
  def filter(_fun, map), do: wrong(map)

  defp filter_1([{key, value} = pair | rest], fun) do
    case fun.(key, value) do
      true -> [pair | filter_1(rest, fun)]
      false -> filter_1(rest, fun)
    end
  end

  defp filter_1([], _fun), do: []

  def filtermap(fun, map) when is_function(fun, 2), do: :maps.from_list(filtermap_1(pairs(map), fun))
  def filtermap(_fun, map), do: wrong(map)

  defp filtermap_1([{key, value} = pair | rest], fun) do
    case fun.(key, value) do
      true -> [pair | filtermap_1(rest, fun)]
      {true, new} -> [{key, new} | filtermap_1(rest, fun)]
      false -> filtermap_1(rest, fun)
    end
  end

  defp filtermap_1([], _fun), do: []

  def foreach(fun, map) when is_function(fun, 2), do: foreach_1(pairs(map), fun)
  def foreach(_fun, map), do: wrong(map)

  defp foreach_1([{key, value} | rest], fun) do
    fun.(key, value)
    foreach_1(rest, fun)
  end

  defp foreach_1([], _fun), do: :ok

  def fold(fun, acc, map) when is_function(fun, 3), do: fold_1(pairs(map), acc, fun)
  def fold(_fun, _acc, map), do: wrong(map)

  defp fold_1([{key, value} | rest], acc, fun), do: fold_1(rest, fun.(key, value, acc), fun)
  defp fold_1([], acc, _fun), do: acc

  def update_with(key, fun, map) when is_function(fun, 1) and is_map(map) do
    case map do
      %{^key => value} -> %{map | key => fun.(value)}
      _ -> :erlang.error({:badkey, key})
    end
  end

  def update_with(_key, _fun, map), do: wrong(map)

  def update_with(key, fun, init, map) when is_function(fun, 1) and is_map(map) do
    case map do
      %{^key => value} -> %{map | key => fun.(value)}
      _ -> :maps.put(key, init, map)
    end
  end

  def update_with(_key, _fun, _init, map), do: wrong(map)

  def merge_with(fun, left, right) when is_function(fun, 3) and is_map(left) and is_map(right),
    do: merge_1(:maps.to_list(right), left, fun)

  def merge_with(_fun, left, right), do: wrong(if(is_map(left), do: right, else: left))

  defp merge_1([{key, new} | rest], map, fun) do
    case map do
      %{^key => old} -> merge_1(rest, %{map | key => fun.(key, old, new)}, fun)
      _ -> merge_1(rest, :maps.put(key, new, map), fun)
    end
  end

  defp merge_1([], map, _fun), do: map

  def intersect_with(fun, left, right) when is_function(fun, 3) and is_map(left) and is_map(right),
    do: :maps.from_list(intersect_1(:maps.to_list(left), right, fun))

  def intersect_with(_fun, left, right), do: wrong(if(is_map(left), do: right, else: left))

  defp intersect_1([{key, x} | rest], right, fun) do
    case right do
      %{^key => y} -> [{key, fun.(key, x, y)} | intersect_1(rest, right, fun)]
      _ -> intersect_1(rest, right, fun)
    end
  end

  defp intersect_1([], _right, _fun), do: []

  def groups_from_list(fun, list) when is_function(fun, 1), do: groups(:lists.reverse(list), fun, nil, %{})
  def groups_from_list(_fun, _list), do: :erlang.error(:badarg)

  def groups_from_list(fun, value_fun, list) when is_function(fun, 1) and is_function(value_fun, 1),
    do: groups(:lists.reverse(list), fun, value_fun, %{})

  def groups_from_list(_fun, _value_fun, _list), do: :erlang.error(:badarg)

  defp groups([x | rest], fun, value_fun, acc) do
    key = fun.(x)
    value = if value_fun, do: value_fun.(x), else: x

    case acc do
      %{^key => values} -> groups(rest, fun, value_fun, %{acc | key => [value | values]})
      _ -> groups(rest, fun, value_fun, :maps.put(key, [value], acc))
    end
  end

  defp groups([], _fun, _value_fun, acc), do: acc

  # An iterator is {key, value, next iterator} or :none.
  def iterator(map) when is_map(map), do: iterate(:maps.to_list(map))
  def iterator(map), do: :erlang.error({:badmap, map})

  defp iterate([{key, value} | rest]), do: {key, value, iterate(rest)}
  defp iterate([]), do: :none

  def next({_key, _value, _next} = step), do: step
  def next(:none), do: :none
  def next(_other), do: :erlang.error(:badarg)

  defp pairs(map) when is_map(map), do: :maps.to_list(map)
  defp pairs({key, value, next}), do: [{key, value} | pairs(next)]
  defp pairs(:none), do: []
  defp pairs(other), do: :erlang.error({:badmap, other})

  defp wrong(map) when is_map(map), do: :erlang.error(:badarg)
  defp wrong(other), do: :erlang.error({:badmap, other})
end
