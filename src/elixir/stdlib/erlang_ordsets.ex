# Erlang's ordsets: sorted lists without duplicates. Elements that compare equal are the same.

defmodule :ordsets do
  def new, do: []
  def from_list(list), do: :lists.usort(list)
  def is_set([x, y | rest]), do: x < y and is_set([y | rest])
  def is_set(list), do: is_list(list) and length(list) <= 1
  def size(set), do: length(set)
  def is_empty(set), do: set == []
  def to_list(set), do: set

  def is_element(x, [y | rest]) when x > y, do: is_element(x, rest)
  def is_element(x, [y | _]), do: x == y
  def is_element(_x, []), do: false

  def add_element(x, [y | rest]) when x > y, do: [y | add_element(x, rest)]
  def add_element(x, [y | _] = set) when x < y, do: [x | set]
  def add_element(_x, [_ | _] = set), do: set
  def add_element(x, []), do: [x]

  def del_element(x, [y | rest]) when x > y, do: [y | del_element(x, rest)]
  def del_element(x, [y | _] = set) when x < y, do: set
  def del_element(_x, [_ | rest]), do: rest
  def del_element(_x, []), do: []

  def union([x | xs], [y | _] = right) when x < y, do: [x | union(xs, right)]
  def union([x | _] = left, [y | ys]) when x > y, do: [y | union(left, ys)]
  def union([x | xs], [_ | ys]), do: [x | union(xs, ys)]
  def union([], right), do: right
  def union(left, []), do: left

  def union(sets), do: :lists.usort(:lists.append(sets))

  def intersection([x | xs], [y | _] = right) when x < y, do: intersection(xs, right)
  def intersection([x | _] = left, [y | ys]) when x > y, do: intersection(left, ys)
  def intersection([x | xs], [_ | ys]), do: [x | intersection(xs, ys)]
  def intersection(_left, _right), do: []

  def intersection([first | rest]), do: Enum.reduce(rest, first, &intersection(&2, &1))

  def is_disjoint(left, right), do: intersection(left, right) == []

  def subtract([x | xs], [y | _] = right) when x < y, do: [x | subtract(xs, right)]
  def subtract([x | _] = left, [y | ys]) when x > y, do: subtract(left, ys)
  def subtract([_ | xs], [_ | ys]), do: subtract(xs, ys)
  def subtract(left, _right), do: left

  def is_subset(left, right), do: subtract(left, right) == []

  def fold(fun, acc, set), do: Enum.reduce(set, acc, fun)
  def filter(fun, set), do: Enum.filter(set, fun)
end
