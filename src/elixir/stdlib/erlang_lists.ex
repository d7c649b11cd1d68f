# The functions of Erlang's lists module that take functions. Those that do not are built in.

defmodule :lists do
  defp proper(list) when is_list(list), do: list
  defp proper(other), do: :erlang.error({:case_clause, other})

  def map(fun, list) when is_function(fun, 1), do: map_1(proper(list), fun)

  defp map_1([x | rest], fun), do: [fun.(x) | map_1(rest, fun)]
  defp map_1([], _fun), do: []

  def foreach(fun, list) when is_function(fun, 1), do: foreach_1(list, fun)

  defp foreach_1([x | rest], fun) do
    fun.(x)
    foreach_1(rest, fun)
  end

  defp foreach_1([], _fun), do: :ok

  def foldl(fun, acc, list) when is_function(fun, 2), do: foldl_1(proper(list), acc, fun)

  defp foldl_1([x | rest], acc, fun), do: foldl_1(rest, fun.(x, acc), fun)
  defp foldl_1([], acc, _fun), do: acc

  def foldr(fun, acc, list) when is_function(fun, 2), do: foldl_1(:lists.reverse(list), acc, fun)

  def mapfoldl(fun, acc, list) when is_function(fun, 2), do: mapfoldl_1(list, acc, fun, [])

  def mapfoldr(fun, acc, list) when is_function(fun, 2) do
    {mapped, acc} = mapfoldl_1(:lists.reverse(list), acc, fun, [])
    {:lists.reverse(mapped), acc}
  end

  defp mapfoldl_1([x | rest], acc, fun, mapped) do
    {y, acc} = fun.(x, acc)
    mapfoldl_1(rest, acc, fun, [y | mapped])
  end

  defp mapfoldl_1([], acc, _fun, mapped), do: {:lists.reverse(mapped), acc}

  def filter(fun, list) when is_function(fun, 1), do: filter_1(list, fun)

  defp filter_1([x | rest], fun) do
    case fun.(x) do
      true -> [x | filter_1(rest, fun)]
      false -> filter_1(rest, fun)
      other -> :erlang.error({:bad_filter, other})
    end
  end

  defp filter_1([], _fun), do: []
  defp filter_1(other, _fun), do: :erlang.error({:bad_generator, other})

  def filtermap(fun, list) when is_function(fun, 1), do: filtermap_1(list, fun)
  def zf(fun, list), do: filtermap(fun, list)

  defp filtermap_1([x | rest], fun) do
    case fun.(x) do
      true -> [x | filtermap_1(rest, fun)]
      {true, y} -> [y | filtermap_1(rest, fun)]
      false -> filtermap_1(rest, fun)
    end
  end

  defp filtermap_1([], _fun), do: []

  def flatmap(fun, list) when is_function(fun, 1), do: flatmap_1(list, fun)

  defp flatmap_1([x | rest], fun), do: fun.(x) ++ flatmap_1(rest, fun)
  defp flatmap_1([], _fun), do: []

  def all(fun, list) when is_function(fun, 1), do: all_1(proper(list), fun)

  defp all_1([x | rest], fun) do
    case fun.(x) do
      true -> all_1(rest, fun)
      false -> false
    end
  end

  defp all_1([], _fun), do: true

  def any(fun, list) when is_function(fun, 1), do: any_1(proper(list), fun)

  defp any_1([x | rest], fun) do
    case fun.(x) do
      true -> true
      false -> any_1(rest, fun)
    end
  end

  defp any_1([], _fun), do: false

  def search(fun, list) when is_function(fun, 1), do: search_1(list, fun)

  defp search_1([x | rest], fun) do
    case fun.(x) do
      true -> {:value, x}
      false -> search_1(rest, fun)
    end
  end

  defp search_1([], _fun), do: false

  def partition(fun, list) when is_function(fun, 1), do: partition_1(list, fun, [], [])

  defp partition_1([x | rest], fun, yes, no) do
    case fun.(x) do
      true -> partition_1(rest, fun, [x | yes], no)
      false -> partition_1(rest, fun, yes, [x | no])
    end
  end

  defp partition_1([], _fun, yes, no), do: {:lists.reverse(yes), :lists.reverse(no)}

  def takewhile(fun, list) when is_function(fun, 1), do: takewhile_1(list, fun)

  defp takewhile_1([x | rest], fun) do
    case fun.(x) do
      true -> [x | takewhile_1(rest, fun)]
      false -> []
    end
  end

  defp takewhile_1([], _fun), do: []

  def dropwhile(fun, list) when is_function(fun, 1), do: dropwhile_1(list, fun)

  defp dropwhile_1([x | rest] = list, fun) do
    case fun.(x) do
      true -> dropwhile_1(rest, fun)
      false -> list
    end
  end

  defp dropwhile_1([], _fun), do: []

  def splitwith(fun, list) when is_function(fun, 1), do: splitwith_1(list, fun, [])

  defp splitwith_1([x | rest] = list, fun, front) do
    case fun.(x) do
      true -> splitwith_1(rest, fun, [x | front])
      false -> {:lists.reverse(front), list}
    end
  end

  defp splitwith_1([], _fun, front), do: {:lists.reverse(front), []}

  def keymap(fun, position, [tuple | rest]) do
    mapped = :erlang.setelement(position, tuple, fun.(:erlang.element(position, tuple)))
    [mapped | keymap(fun, position, rest)]
  end

  def keymap(fun, position, []) when is_integer(position) and position >= 1 and is_function(fun, 1), do: []

  def zipwith(fun, [x | xs], [y | ys]), do: [fun.(x, y) | zipwith(fun, xs, ys)]
  def zipwith(fun, [], []) when is_function(fun, 2), do: []

  def zipwith3(fun, [x | xs], [y | ys], [z | zs]), do: [fun.(x, y, z) | zipwith3(fun, xs, ys, zs)]
  def zipwith3(fun, [], [], []) when is_function(fun, 3), do: []

  def uniq(fun, list) when is_function(fun, 1), do: uniq_2(list, fun, %{})

  defp uniq_2([x | rest], fun, seen) do
    key = fun.(x)

    case seen do
      %{^key => _} -> uniq_2(rest, fun, seen)
      _ -> [x | uniq_2(rest, fun, :maps.put(key, true, seen))]
    end
  end

  defp uniq_2([], _fun, _seen), do: []

  # -- order -----------------------------------------------------------------------------------------

  # Merge sort. The function is always asked about an earlier and a later element, in this order.
  def sort(fun, list) when is_function(fun, 2) and is_list(list) do
    case list do
      [] -> []
      [_] -> list
      _ -> elem(sort_front(list, length(list), fun), 0)
    end
  end

  defp sort_front([x | rest], 1, _fun), do: {[x], rest}
  defp sort_front([x, y | rest], 2, fun), do: {if(fun.(x, y), do: [x, y], else: [y, x]), rest}

  defp sort_front(list, n, fun) do
    half = div(n, 2)
    {left, rest} = sort_front(list, half, fun)
    {right, rest} = sort_front(rest, n - half, fun)
    {merge_1(left, right, fun), rest}
  end

  def merge(fun, left, right) when is_function(fun, 2), do: merge_1(left, right, fun)

  defp merge_1([x | xs] = left, [y | ys] = right, fun) do
    if fun.(x, y), do: [x | merge_1(xs, right, fun)], else: [y | merge_1(left, ys, fun)]
  end

  defp merge_1([], right, _fun), do: right
  defp merge_1(left, [], _fun), do: left

  def usort(fun, list) when is_function(fun, 2) and is_list(list), do: unique(sort(fun, list), fun)

  def umerge(fun, left, right) when is_function(fun, 2), do: left |> merge_1(right, fun) |> unique(fun)

  # Of neighbours that are in order both ways, the first stays.
  defp unique([x, y | rest], fun) do
    if fun.(y, x), do: unique([x | rest], fun), else: [x | unique([y | rest], fun)]
  end

  defp unique(list, _fun), do: list
end
