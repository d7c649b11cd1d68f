# Operations on tuples.

defmodule Tuple do
  def duplicate(data, size) when is_integer(size) and size >= 0, do: :erlang.make_tuple(size, data)

  def append(tuple, value), do: :erlang.append_element(tuple, value)

  def insert_at(tuple, index, value) when is_integer(index) and index >= 0,
    do: :erlang.insert_element(index + 1, tuple, value)

  def delete_at(tuple, index) when is_integer(index) and index >= 0,
    do: :erlang.delete_element(index + 1, tuple)

  def to_list(tuple), do: :erlang.tuple_to_list(tuple)

  def sum(tuple), do: sum(:erlang.tuple_to_list(tuple), 0)

  defp sum([x | rest], acc), do: sum(rest, acc + x)
  defp sum([], acc), do: acc

  def product(tuple), do: product(:erlang.tuple_to_list(tuple), 1)

  defp product([x | rest], acc), do: product(rest, acc * x)
  defp product([], acc), do: acc
end
