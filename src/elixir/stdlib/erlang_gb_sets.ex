# Erlang's gb_sets with a sorted list in the place of the tree: {size, elements}.

defmodule :gb_sets do
  def new, do: {0, []}
  def empty, do: {0, []}
  def singleton(x), do: {1, [x]}
  def from_list(list), do: sized(:lists.usort(list))
  def from_ordset(list), do: sized(list)
  def is_set({n, list}) when is_integer(n) and n >= 0 and is_list(list), do: true
  def is_set(_other), do: false
  def is_empty({n, _}), do: n == 0
  def size({n, _}), do: n
  def to_list({_, list}), do: list
  def balance(set), do: set

  defp sized(list), do: {length(list), list}

  def is_member(x, {_, list}), do: :ordsets.is_element(x, list)
  def is_element(x, {_, list}), do: :ordsets.is_element(x, list)

  def insert(x, {n, list}), do: {n + 1, insert_new(x, list)}

  defp insert_new(x, [y | rest]) when x > y, do: [y | insert_new(x, rest)]
  defp insert_new(x, [y | _]) when x == y, do: :erlang.error({:key_exists, x})
  defp insert_new(x, list), do: [x | list]

  def add(x, {_, list}), do: sized(:ordsets.add_element(x, list))
  def add_element(x, set), do: add(x, set)

  def delete(x, {n, list}), do: {n - 1, delete_old(x, list)}

  defp delete_old(x, [y | rest]) when x > y, do: [y | delete_old(x, rest)]
  defp delete_old(x, [y | rest]) when x == y, do: rest

  def delete_any(x, {_, list}), do: sized(:ordsets.del_element(x, list))
  def del_element(x, set), do: delete_any(x, set)

  def smallest({_, [x | _]}), do: x
  def largest({_, [_ | _] = list}), do: :lists.last(list)
  def take_smallest({n, [x | rest]}), do: {x, {n - 1, rest}}

  def take_largest({n, [_ | _] = list}) do
    [x | rest] = :lists.reverse(list)
    {x, {n - 1, :lists.reverse(rest)}}
  end

  def union({_, left}, {_, right}), do: sized(:ordsets.union(left, right))
  def union(sets), do: sized(:ordsets.union(lists(sets)))
  def intersection({_, left}, {_, right}), do: sized(:ordsets.intersection(left, right))
  def intersection(sets), do: sized(:ordsets.intersection(lists(sets)))
  def subtract({_, left}, {_, right}), do: sized(:ordsets.subtract(left, right))
  def difference(left, right), do: subtract(left, right)
  def is_disjoint({_, left}, {_, right}), do: :ordsets.is_disjoint(left, right)
  def is_subset({_, left}, {_, right}), do: :ordsets.is_subset(left, right)

  defp lists([{_, list} | rest]), do: [list | lists(rest)]
  defp lists([]), do: []

  def fold(fun, acc, {_, list}), do: :lists.foldl(fun, acc, list)
  def filter(fun, {_, list}), do: sized(:lists.filter(fun, list))

  def iterator({_, list}), do: list
  def iterator_from(x, {_, list}), do: from(x, list)
  def next([x | rest]), do: {x, rest}
  def next([]), do: :none

  defp from(x, [y | rest]) when y < x, do: from(x, rest)
  defp from(_x, list), do: list
end
