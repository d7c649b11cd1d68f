# Operations that are particular to lists.

defmodule List do
  def first(list, default \\ nil)
  def first([], default), do: default
  def first([x | _], _default), do: x

  def last(list, default \\ nil)
  def last([], default), do: default
  def last([x], _default), do: x
  def last([_ | rest], default), do: last(rest, default)

  def wrap(nil), do: []
  def wrap(list) when is_list(list), do: list
  def wrap(other), do: [other]

  def duplicate(element, n), do: :lists.duplicate(n, element)

  def delete(list, element)
  def delete([element | rest], element), do: rest
  def delete([other | rest], element), do: [other | delete(rest, element)]
  def delete([], _element), do: []

  def flatten(list), do: :lists.flatten(list)
  def flatten(list, tail), do: :lists.flatten(list, tail)

  def foldl(list, acc, fun) when is_list(list) and is_function(fun), do: fold(list, acc, fun)

  defp fold([x | rest], acc, fun), do: fold(rest, fun.(x, acc), fun)
  defp fold([], acc, _fun), do: acc

  def foldr(list, acc, fun) when is_list(list) and is_function(fun), do: fold(:lists.reverse(list), acc, fun)

  def improper?(list) when is_list(list), do: ragged?(list)

  defp ragged?([_ | rest]), do: ragged?(rest)
  defp ragged?([]), do: false
  defp ragged?(_end), do: true

  def starts_with?(list, prefix)
  def starts_with?([x | list], [x | prefix]), do: starts_with?(list, prefix)
  def starts_with?(list, []) when is_list(list), do: true
  def starts_with?(list, [_ | _]) when is_list(list), do: false

  # -- by position -----------------------------------------------------------------------------------

  def insert_at(list, index, value) when is_list(list) and is_integer(index) do
    insert(list, if(index < 0, do: max(length(list) + index + 1, 0), else: index), value)
  end

  defp insert([x | rest], i, value) when i > 0, do: [x | insert(rest, i - 1, value)]
  defp insert(list, _i, value), do: [value | list]

  def replace_at(list, index, value) when is_list(list) and is_integer(index),
    do: change(list, from_front(list, index), fn _ -> value end)

  def update_at(list, index, fun) when is_list(list) and is_function(fun) and is_integer(index),
    do: change(list, from_front(list, index), fun)

  defp from_front(list, index) when index < 0, do: length(list) + index
  defp from_front(_list, index), do: index

  defp change(list, i, _fun) when i < 0, do: list
  defp change([x | rest], 0, fun), do: [fun.(x) | rest]
  defp change([x | rest], i, fun), do: [x | change(rest, i - 1, fun)]
  defp change([], _i, _fun), do: []

  def delete_at(list, index) when is_integer(index), do: elem(pop_at(list, index), 1)

  def pop_at(list, index, default \\ nil) when is_integer(index),
    do: remove(list, from_front(list, index), default, [])

  defp remove([x | rest], 0, _default, front), do: {x, :lists.reverse(front, rest)}
  defp remove([x | rest], i, default, front) when i > 0, do: remove(rest, i - 1, default, [x | front])
  defp remove(rest, _i, default, front) when is_list(rest), do: {default, :lists.reverse(front, rest)}

  # -- by key ----------------------------------------------------------------------------------------

  def keyfind(list, key, position, default \\ nil) when is_integer(position),
    do: :lists.keyfind(key, position + 1, list) || default

  def keyfind!(list, key, position) when is_integer(position) do
    :lists.keyfind(key, position + 1, list) ||
      raise KeyError,
        key: key,
        term: list,
        message: "key #{inspect(key)} at position #{inspect(position)} not found in: #{inspect(list)}"
  end

  def keymember?(list, key, position) when is_integer(position), do: :lists.keymember(key, position + 1, list)

  def keyreplace(list, key, position, tuple) when is_integer(position),
    do: :lists.keyreplace(key, position + 1, list, tuple)

  def keystore(list, key, position, tuple) when is_integer(position),
    do: :lists.keystore(key, position + 1, list, tuple)

  def keydelete(list, key, position) when is_integer(position), do: :lists.keydelete(key, position + 1, list)

  def keytake(list, key, position) when is_integer(position) do
    case :lists.keytake(key, position + 1, list) do
      {:value, tuple, rest} -> {tuple, rest}
      false -> nil
    end
  end

  def keysort(list, position, sorter \\ :asc)

  def keysort(list, position, :asc) when is_list(list) and is_integer(position),
    do: :lists.keysort(position + 1, list)

  def keysort(list, position, sorter) when is_list(list) and is_integer(position),
    do: Enum.sort_by(list, &:erlang.element(position + 1, &1), keysort_fun(sorter))

  defp keysort_fun(sorter) when is_function(sorter, 2), do: sorter
  defp keysort_fun(sorter) when is_atom(sorter), do: sorter
  defp keysort_fun({order, module} = sorter) when order in [:asc, :desc] and is_atom(module), do: sorter

  # -- conversions -----------------------------------------------------------------------------------

  def ascii_printable?(list, limit \\ :infinity)

  def ascii_printable?(list, limit)
      when is_list(list) and (limit == :infinity or (is_integer(limit) and limit >= 0)),
      do: printable?(list, limit)

  defp printable?(_list, 0), do: true

  defp printable?([char | rest], limit)
       when char in 32..126 or char in [?\n, ?\r, ?\t, ?\v, ?\b, ?\f, ?\e, ?\a],
       do: printable?(rest, if(limit == :infinity, do: limit, else: limit - 1))

  defp printable?([], _limit), do: true
  defp printable?(_other, _limit), do: false

  def zip([]), do: []

  def zip(lists) when is_list(lists) do
    Enum.each(lists, &to_list/1)
    Enum.zip(lists)
  end

  defp to_list(list) when is_list(list), do: list

  def to_tuple(list), do: :erlang.list_to_tuple(list)

  def to_atom(charlist), do: :erlang.list_to_atom(charlist)
  def to_existing_atom(charlist), do: :erlang.list_to_existing_atom(charlist)
  def to_float(charlist), do: :erlang.list_to_float(charlist)
  def to_integer(charlist), do: :erlang.list_to_integer(charlist)
  def to_integer(charlist, base), do: :erlang.list_to_integer(charlist, base)

  def to_string(list) when is_list(list) do
    try do
      :unicode.characters_to_binary(list)
    rescue
      ArgumentError ->
        raise ArgumentError, """
        cannot convert the given list to a string.

        To be converted to a string, a list must either be empty or only
        contain the following elements:

          * strings
          * integers representing Unicode code points
          * a list containing one of these three elements

        Please check the given list or call inspect/1 to get the list representation, got:

        #{inspect(list)}
        """
    else
      result -> converted(result)
    end
  end

  def to_charlist(list) when is_list(list) do
    try do
      :unicode.characters_to_list(list)
    rescue
      ArgumentError ->
        raise ArgumentError, """
        cannot convert the given list to a charlist.

        To be converted to a charlist, a list must contain only:

          * strings
          * integers representing Unicode code points
          * or a list containing one of these three elements

        Please check the given list or call inspect/1 to get the list representation, got:

        #{inspect(list)}
        """
    else
      result -> converted(result)
    end
  end

  defp converted({:error, encoded, rest}),
    do: raise(UnicodeConversionError, encoded: encoded, rest: rest, kind: :invalid)

  defp converted({:incomplete, encoded, rest}),
    do: raise(UnicodeConversionError, encoded: encoded, rest: rest, kind: :incomplete)

  defp converted(result), do: result

  # -- differences -----------------------------------------------------------------------------------

  # Myers' greedy search for a shortest edit script. A path is {used, left, right, script}: how many
  # elements of left it has used, what remains of both lists, and the steps in reverse. The paths of a round
  # belong to every other diagonal, in order.
  def myers_difference(left, right) when is_list(left) and is_list(right),
    do: search([slide({0, left, right, []})])

  def myers_difference(left, right, fun) when is_list(left) and is_list(right) and is_function(fun),
    do: left |> myers_difference(right) |> pair_up(fun)

  defp search(paths) do
    case finished(paths) do
      {_, _, _, script} -> script |> gather([]) |> join_insertions()
      nil -> search(down_or_right(:none, paths))
    end
  end

  defp finished([{_, [], [], _} = path | _]), do: path
  defp finished([_ | rest]), do: finished(rest)
  defp finished([]), do: nil

  # Each new diagonal lies between two old ones; the path that has used more of left goes on, from the upper
  # one with an insertion, from the lower one with a deletion.
  defp down_or_right(lower, [upper | rest]) do
    next =
      if lower == :none or elem(lower, 0) < elem(upper, 0),
        do: insert_step(upper),
        else: delete_step(lower)

    [slide(next) | down_or_right(upper, rest)]
  end

  defp down_or_right(lower, []), do: [slide(delete_step(lower))]

  defp insert_step({used, left, [x | right], script}), do: {used, left, right, [{:ins, x} | script]}
  defp insert_step({used, left, [], script}), do: {used, left, [], script}

  defp delete_step({used, [x | left], right, script}), do: {used + 1, left, right, [{:del, x} | script]}
  defp delete_step({used, [], right, script}), do: {used + 1, [], right, script}

  defp slide({used, [x | left], [x | right], script}), do: slide({used + 1, left, right, [{:eq, x} | script]})
  defp slide(path), do: path

  # Puts equal steps, last first, into runs, first first.
  defp gather([{kind, x} | rest], [{kind, xs} | runs]), do: gather(rest, [{kind, [x | xs]} | runs])
  defp gather([{kind, x} | rest], runs), do: gather(rest, [{kind, [x]} | runs])
  defp gather([], runs), do: runs

  # An insertion that repeats the equal run before it moves in front of this run, to an insertion there.
  defp join_insertions([{:ins, xs}, {:eq, ys}, {:ins, ys}, {:eq, zs} | rest]),
    do: join_insertions([{:ins, xs ++ ys}, {:eq, ys ++ zs} | rest])

  defp join_insertions([{:del, _} = run, {:eq, ys}, {:ins, ys}, {:eq, zs} | rest]),
    do: [run | join_insertions([{:ins, ys}, {:eq, ys ++ zs} | rest])]

  defp join_insertions([run | rest]), do: [run | join_insertions(rest)]
  defp join_insertions([]), do: []

  # Where something was replaced, the function may have a finer difference to offer.
  defp pair_up([{:del, [x | xs]}, {:ins, [y | ys]} | rest], fun) do
    case fun.(x, y) do
      nil -> [{:del, [x | xs]}, {:ins, [y | ys]} | pair_up(rest, fun)]
      diff -> [{:diff, diff} | pair_up(run(:del, xs) ++ run(:ins, ys) ++ rest, fun)]
    end
  end

  defp pair_up([run | rest], fun), do: [run | pair_up(rest, fun)]
  defp pair_up([], _fun), do: []

  defp run(_kind, []), do: []
  defp run(kind, xs), do: [{kind, xs}]
end
