# Erlang's gb_trees with a sorted list of pairs in the place of the tree: {size, pairs}.

defmodule :gb_trees do
  def empty, do: {0, []}
  def is_empty({n, _}), do: n == 0
  def size({n, _}), do: n
  def from_orddict(pairs), do: {length(pairs), pairs}
  def balance(tree), do: tree

  def to_list({_, pairs}), do: pairs
  def keys({_, pairs}), do: for({key, _} <- pairs, do: key)
  def values({_, pairs}), do: for({_, value} <- pairs, do: value)

  def lookup(key, {_, pairs}), do: find(key, pairs)

  defp find(key, [{other, _} | rest]) when key > other, do: find(key, rest)
  defp find(key, [{other, value} | _]) when key == other, do: {:value, value}
  defp find(_key, _pairs), do: :none

  def is_defined(key, {_, pairs}), do: find(key, pairs) != :none

  def get(key, {_, pairs}), do: get_1(key, pairs)

  defp get_1(key, [{other, _} | rest]) when key > other, do: get_1(key, rest)
  defp get_1(key, [{other, value} | _]) when key == other, do: value

  def insert(key, value, {n, pairs}), do: {n + 1, insert_1(key, value, pairs)}

  defp insert_1(key, value, [{other, _} = pair | rest]) when key > other,
    do: [pair | insert_1(key, value, rest)]

  defp insert_1(key, _value, [{other, _} | _]) when key == other, do: :erlang.error({:key_exists, key})
  defp insert_1(key, value, pairs), do: [{key, value} | pairs]

  def update(key, value, {n, pairs}), do: {n, update_1(key, value, pairs)}

  defp update_1(key, value, [{other, _} = pair | rest]) when key > other,
    do: [pair | update_1(key, value, rest)]

  defp update_1(key, value, [{other, _} | rest]) when key == other, do: [{key, value} | rest]

  def enter(key, value, tree),
    do: if(is_defined(key, tree), do: update(key, value, tree), else: insert(key, value, tree))

  def delete(key, tree), do: elem(take(key, tree), 1)
  def delete_any(key, tree), do: if(is_defined(key, tree), do: delete(key, tree), else: tree)

  def take(key, {n, pairs}) do
    {value, pairs} = take_1(key, pairs, [])
    {value, {n - 1, pairs}}
  end

  def take_any(key, tree), do: if(is_defined(key, tree), do: take(key, tree), else: :error)

  defp take_1(key, [{other, _} = pair | rest], seen) when key > other, do: take_1(key, rest, [pair | seen])
  defp take_1(key, [{other, value} | rest], seen) when key == other, do: {value, :lists.reverse(seen, rest)}

  def smallest({_, [pair | _]}), do: pair
  def largest({_, [_ | _] = pairs}), do: :lists.last(pairs)
  def take_smallest({n, [{key, value} | rest]}), do: {key, value, {n - 1, rest}}

  def take_largest({n, [_ | _] = pairs}) do
    [{key, value} | rest] = :lists.reverse(pairs)
    {key, value, {n - 1, :lists.reverse(rest)}}
  end

  def map(fun, {n, pairs}), do: {n, for({key, value} <- pairs, do: {key, fun.(key, value)})}

  def iterator({_, pairs}), do: pairs
  def iterator_from(key, {_, pairs}), do: from(key, pairs)
  def next([{key, value} | rest]), do: {key, value, rest}
  def next([]), do: :none

  defp from(key, [{other, _} | rest]) when other < key, do: from(key, rest)
  defp from(_key, pairs), do: pairs
end
