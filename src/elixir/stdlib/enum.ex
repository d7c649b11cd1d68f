# Eager operations on collections. Lists, ranges and plain maps take direct paths; everything else goes
# through Enumerable, element by element, so that effects of lazy sources come in the right order.

defmodule Enum.OutOfBoundsError do
  defexception message: "out of bounds error"
end

defmodule Enum.EmptyError do
  defexception message: "empty error"
end

defmodule Enum do
  import Kernel, except: [max: 2, min: 2]

  # -- reducing --------------------------------------------------------------------------------------

  def reduce([first | rest], fun), do: fold(rest, first, fun)
  def reduce([], _fun), do: raise(Enum.EmptyError)

  def reduce(enumerable, fun) do
    reduce(enumerable, :none, fn
      x, :none -> {x}
      x, {acc} -> {fun.(x, acc)}
    end)
    |> found(&no_elements/0)
  end

  def reduce(list, acc, fun) when is_list(list), do: fold(list, acc, fun)

  def reduce(first..last//step, acc, fun), do: fold(first, step, range_size(first, last, step), acc, fun)

  def reduce(%_{} = enumerable, acc, fun), do: walk(enumerable, acc, fn x, acc -> {:cont, fun.(x, acc)} end)
  def reduce(%{} = map, acc, fun), do: fold(:maps.to_list(map), acc, fun)
  def reduce(enumerable, acc, fun), do: walk(enumerable, acc, fn x, acc -> {:cont, fun.(x, acc)} end)

  defp fold([x | rest], acc, fun), do: fold(rest, fun.(x, acc), fun)
  defp fold([], acc, _fun), do: acc

  defp fold(_at, _step, 0, acc, _fun), do: acc
  defp fold(at, step, left, acc, fun), do: fold(at + step, step, left - 1, fun.(at, acc), fun)

  # A reduction whose function answers as the protocol wants it; the tag of the result is dropped.
  defp walk(enumerable, acc, fun), do: elem(Enumerable.reduce(enumerable, {:cont, acc}, fun), 1)

  defp range_size(first, last, step) when step > 0 and first <= last, do: div(last - first, step) + 1
  defp range_size(first, last, step) when step < 0 and first >= last, do: div(last - first, step) + 1
  defp range_size(_first, _last, _step), do: 0

  def reduce_while(enumerable, acc, fun), do: walk(enumerable, acc, fun)

  def map_reduce(list, acc, fun) when is_list(list), do: map_fold(list, [], acc, fun)

  def map_reduce(enumerable, acc, fun) do
    {list, acc} =
      reduce(enumerable, {[], acc}, fn x, {list, acc} ->
        {y, acc} = fun.(x, acc)
        {[y | list], acc}
      end)

    {:lists.reverse(list), acc}
  end

  defp map_fold([x | rest], list, acc, fun) do
    {y, acc} = fun.(x, acc)
    map_fold(rest, [y | list], acc, fun)
  end

  defp map_fold([], list, acc, _fun), do: {:lists.reverse(list), acc}

  def flat_map_reduce(enumerable, acc, fun) do
    {list, acc} =
      walk(enumerable, {[], acc}, fn x, {list, acc} ->
        case fun.(x, acc) do
          {:halt, acc} -> {:halt, {list, acc}}
          {[], acc} -> {:cont, {list, acc}}
          {[y], acc} -> {:cont, {[y | list], acc}}
          {ys, acc} -> {:cont, {reduce(ys, list, &[&1 | &2]), acc}}
        end
      end)

    {:lists.reverse(list), acc}
  end

  def scan([], _fun), do: []
  def scan([x | rest], fun), do: [x | scan_list(rest, x, fun)]

  def scan(enumerable, fun) do
    {_, list} =
      reduce(enumerable, {:none, []}, fn
        x, {:none, []} ->
          {x, [x]}

        x, {acc, list} ->
          acc = fun.(x, acc)
          {acc, [acc | list]}
      end)

    :lists.reverse(list)
  end

  def scan(list, acc, fun) when is_list(list), do: scan_list(list, acc, fun)

  def scan(enumerable, acc, fun),
    do: map_reduce(enumerable, acc, fn x, acc -> twin(fun.(x, acc)) end) |> elem(0)

  defp scan_list([], _acc, _fun), do: []

  defp scan_list([x | rest], acc, fun) do
    acc = fun.(x, acc)
    [acc | scan_list(rest, acc, fun)]
  end

  defp twin(x), do: {x, x}

  # -- mapping and filtering -------------------------------------------------------------------------

  def map(list, fun) when is_list(list), do: map_list(list, fun, [])
  def map(first..last//step, fun), do: map_range(first, step, range_size(first, last, step), fun, [])
  def map(enumerable, fun), do: collect(enumerable, fn x, acc -> [fun.(x) | acc] end)

  defp map_list([x | rest], fun, done), do: map_list(rest, fun, [fun.(x) | done])
  defp map_list([], _fun, done), do: :lists.reverse(done)

  defp map_range(_at, _step, 0, _fun, done), do: :lists.reverse(done)
  defp map_range(at, step, left, fun, done), do: map_range(at + step, step, left - 1, fun, [fun.(at) | done])

  # Reduces into a list and turns it around.
  defp collect(enumerable, fun), do: :lists.reverse(reduce(enumerable, [], fun))

  # The same with a function that may stop early.
  defp collect_while(enumerable, fun), do: :lists.reverse(walk(enumerable, [], fun))

  def each(list, fun) when is_list(list), do: each_list(list, fun)

  def each(enumerable, fun) do
    reduce(enumerable, nil, fn x, _ ->
      fun.(x)
      nil
    end)

    :ok
  end

  defp each_list([x | rest], fun) do
    fun.(x)
    each_list(rest, fun)
  end

  defp each_list([], _fun), do: :ok

  def filter(list, fun) when is_list(list), do: filter_list(list, fun)
  def filter(enumerable, fun), do: collect(enumerable, fn x, acc -> if fun.(x), do: [x | acc], else: acc end)

  defp filter_list([x | rest], fun) do
    if fun.(x), do: [x | filter_list(rest, fun)], else: filter_list(rest, fun)
  end

  defp filter_list([], _fun), do: []

  def reject(list, fun) when is_list(list), do: reject_list(list, fun)
  def reject(enumerable, fun), do: collect(enumerable, fn x, acc -> if fun.(x), do: acc, else: [x | acc] end)

  defp reject_list([x | rest], fun) do
    if fun.(x), do: reject_list(rest, fun), else: [x | reject_list(rest, fun)]
  end

  defp reject_list([], _fun), do: []

  def filter_map(enumerable, filter, mapper) do
    collect(enumerable, fn x, acc -> if filter.(x), do: [mapper.(x) | acc], else: acc end)
  end

  def flat_map(list, fun) when is_list(list), do: flat_map_list(list, fun)

  def flat_map(enumerable, fun) do
    collect(enumerable, fn x, acc ->
      case fun.(x) do
        list when is_list(list) -> :lists.reverse(list, acc)
        other -> reduce(other, acc, &[&1 | &2])
      end
    end)
  end

  defp flat_map_list([], _fun), do: []

  defp flat_map_list([x | rest], fun) do
    case fun.(x) do
      list when is_list(list) -> list ++ flat_map_list(rest, fun)
      other -> to_list(other) ++ flat_map_list(rest, fun)
    end
  end

  def map_every(enumerable, 1, fun), do: map(enumerable, fun)
  def map_every(enumerable, 0, _fun), do: to_list(enumerable)

  def map_every(enumerable, nth, fun) when is_integer(nth) and nth > 1 do
    {list, _} =
      map_reduce(enumerable, 1, fn
        x, 1 -> {fun.(x), nth}
        x, left -> {x, left - 1}
      end)

    list
  end

  def map_intersperse(enumerable, separator, mapper), do: enumerable |> map(mapper) |> intersperse(separator)

  def intersperse(enumerable, separator) do
    case to_list(enumerable) do
      [] -> []
      [x | rest] -> [x | put_between(rest, separator)]
    end
  end

  defp put_between([], _separator), do: []
  defp put_between([x | rest], separator), do: [separator, x | put_between(rest, separator)]

  def with_index(enumerable, fun_or_offset \\ 0)

  def with_index(list, offset) when is_list(list) and is_integer(offset), do: index_list(list, offset)

  def with_index(enumerable, offset) when is_integer(offset) do
    map_reduce(enumerable, offset, fn x, i -> {{x, i}, i + 1} end) |> elem(0)
  end

  def with_index(enumerable, fun) when is_function(fun, 2) do
    map_reduce(enumerable, 0, fn x, i -> {fun.(x, i), i + 1} end) |> elem(0)
  end

  defp index_list([], _i), do: []
  defp index_list([x | rest], i), do: [{x, i} | index_list(rest, i + 1)]

  # -- questions -------------------------------------------------------------------------------------

  def all?(list) when is_list(list), do: all_list(list)
  def all?(enumerable), do: all?(enumerable, & &1)

  defp all_list([]), do: true
  defp all_list([x | rest]), do: if(x, do: all_list(rest), else: false)

  def all?(list, fun) when is_list(list), do: all_list(list, fun)

  def all?(enumerable, fun),
    do: walk(enumerable, true, fn x, _ -> if fun.(x), do: {:cont, true}, else: {:halt, false} end)

  defp all_list([], _fun), do: true
  defp all_list([x | rest], fun), do: if(fun.(x), do: all_list(rest, fun), else: false)

  def any?(list) when is_list(list), do: any_list(list)
  def any?(enumerable), do: any?(enumerable, & &1)

  defp any_list([]), do: false
  defp any_list([x | rest]), do: if(x, do: true, else: any_list(rest))

  def any?(list, fun) when is_list(list), do: any_list(list, fun)

  def any?(enumerable, fun),
    do: walk(enumerable, false, fn x, _ -> if fun.(x), do: {:halt, true}, else: {:cont, false} end)

  defp any_list([], _fun), do: false
  defp any_list([x | rest], fun), do: if(fun.(x), do: true, else: any_list(rest, fun))

  def member?(list, element) when is_list(list), do: :lists.member(element, list)

  def member?(enumerable, element) do
    case Enumerable.member?(enumerable, element) do
      {:ok, answer} when is_boolean(answer) ->
        answer

      {:error, module} ->
        module.reduce(enumerable, {:cont, false}, fn
          x, _ when x === element -> {:halt, true}
          _, _ -> {:cont, false}
        end)
        |> elem(1)
    end
  end

  def empty?(list) when is_list(list), do: list == []

  def empty?(enumerable) do
    case Enumerable.slice(enumerable) do
      {:ok, size, _} -> size == 0
      {:error, module} -> module.reduce(enumerable, {:cont, true}, fn _, _ -> {:halt, false} end) |> elem(1)
    end
  end

  def count(list) when is_list(list), do: length(list)

  def count(enumerable) do
    case Enumerable.count(enumerable) do
      {:ok, size} when is_integer(size) -> size
      {:error, module} -> module.reduce(enumerable, {:cont, 0}, fn _, n -> {:cont, n + 1} end) |> elem(1)
    end
  end

  def count(enumerable, fun), do: reduce(enumerable, 0, fn x, n -> if fun.(x), do: n + 1, else: n end)

  def count_until(enumerable, limit) when is_integer(limit) and limit > 0 do
    counted =
      case enumerable do
        list when is_list(list) -> {:error, Enumerable.List}
        other -> Enumerable.count(other)
      end

    case counted do
      {:ok, size} ->
        Kernel.min(size, limit)

      {:error, module} ->
        module.reduce(enumerable, {:cont, 0}, fn _, n -> count_to(n + 1, limit) end) |> elem(1)
    end
  end

  def count_until(enumerable, fun, limit) when is_integer(limit) and limit > 0 do
    walk(enumerable, 0, fn x, n -> if fun.(x), do: count_to(n + 1, limit), else: {:cont, n} end)
  end

  defp count_to(limit, limit), do: {:halt, limit}
  defp count_to(n, _limit), do: {:cont, n}

  def find(enumerable, default \\ nil, fun)
  def find(list, default, fun) when is_list(list), do: find_list(list, default, fun)

  def find(enumerable, default, fun) do
    walk(enumerable, default, fn x, default -> if fun.(x), do: {:halt, x}, else: {:cont, default} end)
  end

  defp find_list([], default, _fun), do: default
  defp find_list([x | rest], default, fun), do: if(fun.(x), do: x, else: find_list(rest, default, fun))

  def find_index(list, fun) when is_list(list), do: find_index(list, 0, fun)

  def find_index(enumerable, fun) do
    case walk(enumerable, 0, fn x, i -> if fun.(x), do: {:halt, {i}}, else: {:cont, i + 1} end) do
      {i} -> i
      _ -> nil
    end
  end

  defp find_index([], _i, _fun), do: nil
  defp find_index([x | rest], i, fun), do: if(fun.(x), do: i, else: find_index(rest, i + 1, fun))

  def find_value(enumerable, default \\ nil, fun)
  def find_value(list, default, fun) when is_list(list), do: find_value_list(list, default, fun)

  def find_value(enumerable, default, fun) do
    walk(enumerable, default, fn x, default ->
      value = fun.(x)
      if value, do: {:halt, value}, else: {:cont, default}
    end)
  end

  defp find_value_list([], default, _fun), do: default

  defp find_value_list([x | rest], default, fun) do
    value = fun.(x)
    if value, do: value, else: find_value_list(rest, default, fun)
  end

  # -- elements by position --------------------------------------------------------------------------

  def at(enumerable, index, default \\ nil) when is_integer(index) do
    case nth(enumerable, index) do
      {:ok, x} -> x
      :error -> default
    end
  end

  def fetch(enumerable, index) when is_integer(index), do: nth(enumerable, index)

  def fetch!(enumerable, index) when is_integer(index) do
    case nth(enumerable, index) do
      {:ok, x} -> x
      :error -> raise Enum.OutOfBoundsError
    end
  end

  defp nth(list, index) when is_list(list) do
    cond do
      index >= 0 -> nth_list(list, index)
      (index = length(list) + index) >= 0 -> nth_list(list, index)
      true -> :error
    end
  end

  defp nth(enumerable, index) do
    case Enumerable.slice(enumerable) do
      {:ok, size, slicer} ->
        index = if index < 0, do: size + index, else: index
        if index >= 0 and index < size, do: {:ok, hd(sliced(enumerable, slicer, index, 1))}, else: :error

      {:error, _} when index < 0 ->
        nth(to_list(enumerable), index)

      {:error, module} ->
        {_, result} =
          module.reduce(enumerable, {:cont, index}, fn
            x, 0 -> {:halt, {:ok, x}}
            _, left -> {:cont, left - 1}
          end)

        if is_integer(result), do: :error, else: result
    end
  end

  defp nth_list([x | _], 0), do: {:ok, x}
  defp nth_list([_ | rest], left), do: nth_list(rest, left - 1)
  defp nth_list([], _left), do: :error

  # Elements start .. start + amount - 1, which are known to exist, of an enumerable that can be sliced.
  defp sliced(enumerable, slicer, start, amount) when is_function(slicer, 1),
    do: slicer.(enumerable) |> drop_list(start) |> take_list(amount)

  defp sliced(_enumerable, slicer, start, amount), do: slicer.(start, amount)

  def slice(enumerable, first..last//step = range) do
    cond do
      step > 0 ->
        slice_range(enumerable, first, last, step)

      step == -1 and first > last ->
        slice_range(enumerable, first, last, 1)

      true ->
        raise ArgumentError, "Enum.slice/2 does not accept ranges with negative steps, got: #{inspect(range)}"
    end
  end

  defp slice_range(enumerable, first, last, step) when is_list(enumerable) or first < 0 or last < 0 do
    {enumerable, size, slicer} = sizing(enumerable)
    first = if first < 0, do: Kernel.max(first + size, 0), else: first
    last = Kernel.min(if(last < 0, do: last + size, else: last), size - 1)

    if first <= last do
      sliced(enumerable, slicer, first, last - first + 1) |> every(step)
    else
      []
    end
  end

  defp slice_range(enumerable, first, last, step) when first <= last,
    do: slice(enumerable, first, last - first + 1) |> every(step)

  defp slice_range(_enumerable, _first, _last, _step), do: []

  defp every(list, 1), do: list
  defp every([], _step), do: []
  defp every([x | rest], step), do: [x | every(drop_list(rest, step - 1), step)]

  def slice(enumerable, start, amount) when is_integer(start) and is_integer(amount) and amount >= 0 do
    cond do
      amount == 0 ->
        []

      start >= 0 and is_list(enumerable) ->
        enumerable |> drop_list(start) |> take_list(amount)

      true ->
        slice_any(enumerable, start, amount)
    end
  end

  defp slice_any(enumerable, start, amount) when start >= 0 do
    case Enumerable.slice(enumerable) do
      {:ok, size, slicer} -> slice_sized(enumerable, size, slicer, start, amount)
      {:error, _} -> slice_walk(enumerable, start, amount)
    end
  end

  defp slice_any(enumerable, start, amount) do
    {enumerable, size, slicer} = sizing(enumerable)
    slice_sized(enumerable, size, slicer, Kernel.max(start + size, 0), amount)
  end

  defp slice_sized(enumerable, size, slicer, start, amount) when start < size,
    do: sliced(enumerable, slicer, start, Kernel.min(amount, size - start))

  defp slice_sized(_enumerable, _size, _slicer, _start, _amount), do: []

  defp slice_walk(enumerable, start, amount) do
    {_, _, list} =
      walk(enumerable, {start, amount, []}, fn
        x, {0, 1, list} -> {:halt, {0, 0, [x | list]}}
        x, {0, left, list} -> {:cont, {0, left - 1, [x | list]}}
        _, {skip, left, list} -> {:cont, {skip - 1, left, list}}
      end)

    :lists.reverse(list)
  end

  # Makes any enumerable one of known size.
  defp sizing(list) when is_list(list), do: {list, length(list), & &1}

  defp sizing(enumerable) do
    case Enumerable.slice(enumerable) do
      {:ok, size, slicer} -> {enumerable, size, slicer}
      {:error, _} -> sizing(to_list(enumerable))
    end
  end

  def take(_enumerable, 0), do: []

  def take(list, amount) when is_list(list) and is_integer(amount) and amount > 0, do: take_list(list, amount)

  def take(enumerable, amount) when is_integer(amount) and amount > 0 do
    {_, list} =
      walk(enumerable, {amount, []}, fn
        x, {1, list} -> {:halt, {0, [x | list]}}
        x, {left, list} -> {:cont, {left - 1, [x | list]}}
      end)

    :lists.reverse(list)
  end

  def take(enumerable, amount) when is_integer(amount) do
    list = to_list(enumerable)
    drop_list(list, length(list) + amount)
  end

  defp take_list([x | rest], left) when left > 0, do: [x | take_list(rest, left - 1)]
  defp take_list(_list, _left), do: []

  def drop(enumerable, amount) when is_integer(amount) and amount >= 0,
    do: drop_list(to_list(enumerable), amount)

  def drop(enumerable, amount) when is_integer(amount) do
    list = to_list(enumerable)
    take_list(list, length(list) + amount)
  end

  defp drop_list([_ | rest], left) when left > 0, do: drop_list(rest, left - 1)
  defp drop_list(list, _left), do: list

  def take_while(list, fun) when is_list(list), do: take_while_list(list, fun)

  def take_while(enumerable, fun),
    do: collect_while(enumerable, fn x, acc -> if fun.(x), do: {:cont, [x | acc]}, else: {:halt, acc} end)

  defp take_while_list([], _fun), do: []
  defp take_while_list([x | rest], fun), do: if(fun.(x), do: [x | take_while_list(rest, fun)], else: [])

  def drop_while(list, fun) when is_list(list), do: drop_while_list(list, fun)

  def drop_while(enumerable, fun) do
    {_, list} =
      reduce(enumerable, {true, []}, fn
        x, {true, []} -> if fun.(x), do: {true, []}, else: {false, [x]}
        x, {false, list} -> {false, [x | list]}
      end)

    :lists.reverse(list)
  end

  defp drop_while_list([], _fun), do: []
  defp drop_while_list([x | rest] = list, fun), do: if(fun.(x), do: drop_while_list(rest, fun), else: list)

  def take_every(enumerable, 1), do: to_list(enumerable)
  def take_every(_enumerable, 0), do: []

  def take_every(enumerable, nth) when is_integer(nth) and nth > 1 do
    {_, list} =
      reduce(enumerable, {1, []}, fn
        x, {1, list} -> {nth, [x | list]}
        _, {left, list} -> {left - 1, list}
      end)

    :lists.reverse(list)
  end

  def drop_every(_enumerable, 1), do: []
  def drop_every([], nth) when is_integer(nth), do: []
  def drop_every(enumerable, 0), do: to_list(enumerable)

  def drop_every(enumerable, nth) when is_integer(nth) and nth > 1 do
    {_, list} =
      reduce(enumerable, {1, []}, fn
        _, {1, list} -> {nth, list}
        x, {left, list} -> {left - 1, [x | list]}
      end)

    :lists.reverse(list)
  end

  def split(enumerable, count) when is_integer(count) and count >= 0,
    do: split_list(to_list(enumerable), [], count)

  def split(enumerable, count) when is_integer(count) do
    list = to_list(enumerable)
    split_list(list, [], length(list) + count)
  end

  defp split_list([x | rest], front, left) when left > 0, do: split_list(rest, [x | front], left - 1)
  defp split_list(rest, front, _left), do: {:lists.reverse(front), rest}

  def split_while(list, fun) when is_list(list), do: split_while_list(list, [], fun)

  def split_while(enumerable, fun) do
    {front, back} =
      reduce(enumerable, {[], []}, fn
        x, {front, []} -> if fun.(x), do: {[x | front], []}, else: {front, [x]}
        x, {front, back} -> {front, [x | back]}
      end)

    {:lists.reverse(front), :lists.reverse(back)}
  end

  defp split_while_list([], front, _fun), do: {:lists.reverse(front), []}

  defp split_while_list([x | rest] = list, front, fun) do
    if fun.(x), do: split_while_list(rest, [x | front], fun), else: {:lists.reverse(front), list}
  end

  def split_with(enumerable, fun) do
    {yes, no} =
      reduce(enumerable, {[], []}, fn x, {yes, no} ->
        if fun.(x), do: {[x | yes], no}, else: {yes, [x | no]}
      end)

    {:lists.reverse(yes), :lists.reverse(no)}
  end

  def partition(enumerable, fun), do: split_with(enumerable, fun)

  def reverse([]), do: []
  def reverse([_] = list), do: list
  def reverse(list) when is_list(list), do: :lists.reverse(list)
  def reverse(enumerable), do: reduce(enumerable, [], &[&1 | &2])

  def reverse(enumerable, tail), do: reduce(enumerable, to_list(tail), &[&1 | &2])

  def reverse_slice(enumerable, start, count)
      when is_integer(start) and start >= 0 and is_integer(count) and count >= 0 do
    {front, rest} = split_list(to_list(enumerable), [], start)
    {middle, back} = split_list(rest, [], count)
    front ++ :lists.reverse(middle, back)
  end

  def slide(enumerable, index, insertion_index) when is_integer(index),
    do: slide(enumerable, index..index//1, insertion_index)

  def slide(_enumerable, _first.._last//step = range, _insertion_index) when step != 1 do
    raise ArgumentError, "Enum.slide/3 does not accept ranges with custom steps, got: #{inspect(range)}"
  end

  def slide(enumerable, first..last//_ = range, insertion_index) when is_integer(insertion_index) do
    list = to_list(enumerable)

    if first < 0 or last < 0 or insertion_index < 0 do
      size = length(list)
      first = if first < 0, do: first + size, else: first
      last = if last < 0, do: last + size, else: last
      to = if insertion_index < 0, do: insertion_index + size, else: insertion_index
      slide_list(list, first, last, to, range)
    else
      slide_list(list, first, last, insertion_index, range)
    end
  end

  defp slide_list(list, first, last, to, _range) when first > last or first == to or first < 0 or to < 0,
    do: list

  defp slide_list(list, first, last, to, _range) when to < first do
    {front, rest} = split_list(list, [], to)
    {skipped, rest} = split_list(rest, [], first - to)
    {moved, back} = split_list(rest, [], last - first + 1)
    front ++ moved ++ skipped ++ back
  end

  defp slide_list(list, first, last, to, _range) when to > last do
    {front, rest} = split_list(list, [], first)
    {moved, rest} = split_list(rest, [], last - first + 1)
    {skipped, back} = split_list(rest, [], to - last)
    front ++ skipped ++ moved ++ back
  end

  defp slide_list(_list, _first, _last, to, range) do
    raise ArgumentError,
          "insertion index for slide must be outside the range being moved " <>
            "(tried to insert #{inspect(range)} at #{to})"
  end

  # -- chunks ----------------------------------------------------------------------------------------

  def chunk(enumerable, count), do: chunk(enumerable, count, count, nil)
  def chunk(enumerable, count, step, leftover \\ nil)
  def chunk(enumerable, count, step, nil), do: chunk_every(enumerable, count, step, :discard)
  def chunk(enumerable, count, step, leftover), do: chunk_every(enumerable, count, step, leftover)

  def chunk_every(enumerable, count), do: chunk_every(enumerable, count, count, [])

  def chunk_every(enumerable, count, step, leftover \\ [])
      when is_integer(count) and count > 0 and is_integer(step) and step > 0 do
    chunk_list(to_list(enumerable), count, step, leftover)
  end

  defp chunk_list([], _count, _step, _leftover), do: []

  defp chunk_list(list, count, step, leftover) do
    case take_exactly(list, count, []) do
      {chunk, []} when step >= count -> [chunk]
      {chunk, []} -> [chunk | last_chunk(drop_list(list, step), count, leftover)]
      {chunk, rest} when step == count -> [chunk | chunk_list(rest, count, step, leftover)]
      {chunk, _} -> [chunk | chunk_list(drop_list(list, step), count, step, leftover)]
      :short -> last_chunk(list, count, leftover)
    end
  end

  defp last_chunk([], _count, _leftover), do: []
  defp last_chunk(_list, _count, :discard), do: []
  defp last_chunk(list, count, leftover), do: [list ++ take(leftover, count - length(list))]

  defp take_exactly(rest, 0, acc), do: {:lists.reverse(acc), rest}
  defp take_exactly([x | rest], left, acc), do: take_exactly(rest, left - 1, [x | acc])
  defp take_exactly([], _left, _acc), do: :short

  def chunk_by(enumerable, fun) do
    chunk_while(
      enumerable,
      nil,
      fn
        x, nil ->
          {:cont, {[x], fun.(x)}}

        x, {chunk, value} ->
          case fun.(x) do
            ^value -> {:cont, {[x | chunk], value}}
            other -> {:cont, :lists.reverse(chunk), {[x], other}}
          end
      end,
      fn
        nil -> {:cont, nil}
        {chunk, _} -> {:cont, :lists.reverse(chunk), nil}
      end
    )
  end

  def chunk_while(enumerable, acc, chunk_fun, after_fun) do
    {chunks, acc} =
      walk(enumerable, {[], acc}, fn x, {chunks, acc} ->
        case chunk_fun.(x, acc) do
          {:cont, chunk, acc} -> {:cont, {[chunk | chunks], acc}}
          {:cont, acc} -> {:cont, {chunks, acc}}
          {:halt, acc} -> {:halt, {chunks, acc}}
        end
      end)

    case after_fun.(acc) do
      {:cont, _} -> :lists.reverse(chunks)
      {:cont, chunk, _} -> :lists.reverse(chunks, [chunk])
    end
  end

  # -- groups, duplicates ----------------------------------------------------------------------------

  def group_by(enumerable, key_fun, value_fun \\ & &1)

  def group_by(enumerable, key_fun, value_fun) when is_function(key_fun) do
    fold(reverse(enumerable), %{}, fn x, groups ->
      key = key_fun.(x)
      value = value_fun.(x)

      case groups do
        %{^key => values} -> %{groups | key => [value | values]}
        _ -> :maps.put(key, [value], groups)
      end
    end)
  end

  # The order of arguments of old: the initial map in the middle.
  def group_by(enumerable, dict, fun) do
    fold(reverse(enumerable), dict, fn x, groups -> Map.update(groups, fun.(x), [x], &[x | &1]) end)
  end

  def frequencies(enumerable), do: reduce(enumerable, %{}, &count_key(&2, &1))
  def frequencies_by(enumerable, fun), do: reduce(enumerable, %{}, &count_key(&2, fun.(&1)))

  defp count_key(counts, key) do
    case counts do
      %{^key => n} -> %{counts | key => n + 1}
      _ -> :maps.put(key, 1, counts)
    end
  end

  def uniq(enumerable), do: uniq_by(enumerable, & &1)
  def uniq(enumerable, fun), do: uniq_by(enumerable, fun)

  def uniq_by(list, fun) when is_list(list), do: uniq_list(list, %{}, fun)

  def uniq_by(enumerable, fun) do
    {list, _} =
      reduce(enumerable, {[], %{}}, fn x, {list, seen} ->
        key = fun.(x)

        case seen do
          %{^key => _} -> {list, seen}
          _ -> {[x | list], :maps.put(key, true, seen)}
        end
      end)

    :lists.reverse(list)
  end

  defp uniq_list([], _seen, _fun), do: []

  defp uniq_list([x | rest], seen, fun) do
    key = fun.(x)

    case seen do
      %{^key => _} -> uniq_list(rest, seen, fun)
      _ -> [x | uniq_list(rest, :maps.put(key, true, seen), fun)]
    end
  end

  def dedup(enumerable), do: dedup_by(enumerable, & &1)

  def dedup_by(enumerable, fun) do
    {list, _} =
      reduce(enumerable, {[], nil}, fn x, {list, last} ->
        case {fun.(x)} do
          ^last -> {list, last}
          key -> {[x | list], key}
        end
      end)

    :lists.reverse(list)
  end

  # -- conversions -----------------------------------------------------------------------------------

  def to_list(list) when is_list(list), do: list
  def to_list(first..last//step), do: range_list(first, step, range_size(first, last, step))
  def to_list(%_{} = enumerable), do: reverse(enumerable) |> :lists.reverse()
  def to_list(%{} = map), do: :maps.to_list(map)
  def to_list(enumerable), do: reverse(enumerable) |> :lists.reverse()

  defp range_list(_at, _step, 0), do: []
  defp range_list(at, step, left), do: [at | range_list(at + step, step, left - 1)]

  def concat(enumerables), do: flat_map(enumerables, & &1)

  def concat(left, right) when is_list(left) and is_list(right), do: left ++ right
  def concat(left, right), do: to_list(left) ++ to_list(right)

  def into(enumerable, []), do: to_list(enumerable)

  def into(%_{} = enumerable, collectable), do: into_protocol(enumerable, collectable)
  def into(enumerable, %_{} = collectable), do: into_protocol(enumerable, collectable)

  def into(enumerable, %{} = map), do: into_map(enumerable, map)
  def into(enumerable, collectable), do: into_protocol(enumerable, collectable)

  def into(enumerable, [], transform), do: map(enumerable, transform)

  def into(enumerable, %_{} = collectable, transform), do: into_protocol(enumerable, collectable, transform)

  def into(enumerable, %{} = map, transform) do
    pairs = :maps.from_list(map(enumerable, transform))
    if map_size(map) == 0, do: pairs, else: :maps.merge(map, pairs)
  end

  def into(enumerable, collectable, transform), do: into_protocol(enumerable, collectable, transform)

  defp into_map(enumerable, map) when is_map(enumerable) or is_list(enumerable) do
    pairs = if is_map(enumerable), do: enumerable, else: :maps.from_list(enumerable)
    if map_size(map) == 0, do: pairs, else: :maps.merge(map, pairs)
  end

  defp into_map(enumerable, map),
    do: reduce(enumerable, map, fn {key, value}, acc -> :maps.put(key, value, acc) end)

  defp into_protocol(enumerable, collectable), do: into_protocol(enumerable, collectable, & &1)

  defp into_protocol(enumerable, collectable, transform) do
    {acc, collector} = Collectable.into(collectable)

    try do
      reduce(enumerable, acc, fn x, acc -> collector.(acc, {:cont, transform.(x)}) end)
    catch
      kind, reason ->
        collector.(acc, :halt)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      acc -> collector.(acc, :done)
    end
  end

  def join(enumerable, joiner \\ "")

  def join(enumerable, joiner) when is_binary(joiner), do: map_join(enumerable, joiner, & &1)

  def map_join(enumerable, joiner \\ "", mapper) when is_binary(joiner) do
    enumerable |> map(&text(mapper.(&1))) |> join_texts(joiner) |> :erlang.iolist_to_binary()
  end

  defp text(x) when is_binary(x), do: x
  defp text(x), do: String.Chars.to_string(x)

  defp join_texts([], _joiner), do: []
  defp join_texts(texts, ""), do: texts
  defp join_texts([text | texts], joiner), do: [text | put_between(texts, joiner)]

  # -- numbers, extremes -----------------------------------------------------------------------------

  def sum(first..last//step) do
    n = range_size(first, last, step)
    div(n * (first + first + (n - 1) * step), 2)
  end

  def sum(enumerable), do: reduce(enumerable, 0, &+/2)

  def product(enumerable), do: reduce(enumerable, 1, &*/2)

  def max(list) when is_list(list) and list != [], do: :lists.max(list)
  def max(enumerable), do: best(enumerable, &>=/2, &no_elements/0)

  def max(enumerable, empty) when is_function(empty, 0), do: best(enumerable, &>=/2, empty)
  def max(enumerable, sorter), do: max(enumerable, sorter, &no_elements/0)

  def max(enumerable, sorter, empty) when is_function(empty, 0),
    do: best(enumerable, max_sort_fun(sorter), empty)

  def min(list) when is_list(list) and list != [], do: :lists.min(list)
  def min(enumerable), do: best(enumerable, &<=/2, &no_elements/0)

  def min(enumerable, empty) when is_function(empty, 0), do: best(enumerable, &<=/2, empty)
  def min(enumerable, sorter), do: min(enumerable, sorter, &no_elements/0)

  def min(enumerable, sorter, empty) when is_function(empty, 0),
    do: best(enumerable, min_sort_fun(sorter), empty)

  def max_by(enumerable, fun), do: best_by(enumerable, fun, &>=/2, &no_elements/0)
  def max_by(enumerable, fun, empty) when is_function(empty, 0), do: best_by(enumerable, fun, &>=/2, empty)
  def max_by(enumerable, fun, sorter), do: max_by(enumerable, fun, sorter, &no_elements/0)

  def max_by(enumerable, fun, sorter, empty) when is_function(empty, 0),
    do: best_by(enumerable, fun, max_sort_fun(sorter), empty)

  def min_by(enumerable, fun), do: best_by(enumerable, fun, &<=/2, &no_elements/0)
  def min_by(enumerable, fun, empty) when is_function(empty, 0), do: best_by(enumerable, fun, &<=/2, empty)
  def min_by(enumerable, fun, sorter), do: min_by(enumerable, fun, sorter, &no_elements/0)

  def min_by(enumerable, fun, sorter, empty) when is_function(empty, 0),
    do: best_by(enumerable, fun, min_sort_fun(sorter), empty)

  defp no_elements, do: raise(Enum.EmptyError)

  defp max_sort_fun(sorter) when is_function(sorter, 2), do: sorter
  defp max_sort_fun(module) when is_atom(module), do: &(module.compare(&1, &2) != :lt)

  defp min_sort_fun(sorter) when is_function(sorter, 2), do: sorter
  defp min_sort_fun(module) when is_atom(module), do: &(module.compare(&1, &2) != :gt)

  # Keeps the earlier element as long as the sorter is content with it before the next one.
  defp best([], _sorter, empty), do: empty.()
  defp best([x | rest], sorter, _empty), do: fold(rest, x, &if(sorter.(&2, &1), do: &2, else: &1))

  # Of a range, the ends are asked about only.
  defp best(first..last//step, sorter, empty) do
    case range_size(first, last, step) do
      0 ->
        empty.()

      n ->
        last = first + (n - 1) * step
        if sorter.(first, last), do: first, else: last
    end
  end

  defp best(enumerable, sorter, empty) do
    reduce(enumerable, :none, fn
      x, :none -> {x}
      x, {best} -> if sorter.(best, x), do: {best}, else: {x}
    end)
    |> found(empty)
  end

  defp found(:none, empty), do: empty.()
  defp found({x}, _empty), do: x

  defp best_by(enumerable, fun, sorter, empty) do
    reduce(enumerable, :none, fn
      x, :none ->
        {x, fun.(x)}

      x, {_, best_key} = best ->
        key = fun.(x)
        if sorter.(best_key, key), do: best, else: {x, key}
    end)
    |> found_by(empty)
  end

  defp found_by(:none, empty), do: empty.()
  defp found_by({x, _}, _empty), do: x

  def min_max(enumerable, empty \\ &no_elements/0)

  def min_max(first..last//step, empty) when is_function(empty, 0) do
    case range_size(first, last, step) do
      0 -> empty.()
      n when step > 0 -> {first, first + (n - 1) * step}
      n -> {first + (n - 1) * step, first}
    end
  end

  def min_max(enumerable, empty) when is_function(empty, 0) do
    reduce(enumerable, :none, fn
      x, :none -> {x, x}
      x, {min, max} when x < min -> {x, max}
      x, {min, max} when x > max -> {min, x}
      _, pair -> pair
    end)
    |> pair_found(empty)
  end

  defp pair_found(:none, empty), do: empty.()
  defp pair_found(pair, _empty), do: pair

  def min_max_by(enumerable, fun, sorter_or_empty \\ &</2, empty \\ &no_elements/0)

  def min_max_by(enumerable, fun, sorter_empty, empty)
      when is_function(sorter_empty, 0) and is_function(empty, 0),
      do: extremes_by(enumerable, fun, &</2, sorter_empty)

  def min_max_by(enumerable, fun, sorter, empty) when is_function(sorter, 2) and is_function(empty, 0),
    do: extremes_by(enumerable, fun, sorter, empty)

  def min_max_by(enumerable, fun, module, empty) when is_atom(module) and is_function(empty, 0),
    do: extremes_by(enumerable, fun, &(module.compare(&1, &2) == :lt), empty)

  defp extremes_by(enumerable, fun, less, empty) do
    reduce(enumerable, :none, fn
      x, :none ->
        key = fun.(x)
        {x, key, x, key}

      x, {min, min_key, max, max_key} ->
        key = fun.(x)

        cond do
          less.(key, min_key) -> {x, key, max, max_key}
          less.(max_key, key) -> {min, min_key, x, key}
          true -> {min, min_key, max, max_key}
        end
    end)
    |> case do
      :none -> empty.()
      {min, _, max, _} -> {min, max}
    end
  end

  # -- order -----------------------------------------------------------------------------------------

  def sort(list) when is_list(list), do: :lists.sort(list)
  def sort(enumerable), do: :lists.sort(to_list(enumerable))

  def sort(enumerable, sorter) do
    list = to_list(enumerable)

    case sorter do
      :asc -> :lists.sort(list)
      :desc -> list |> :lists.reverse() |> :lists.sort() |> :lists.reverse()
      _ -> :lists.sort(to_sort_fun(sorter), list)
    end
  end

  def sort_by(enumerable, mapper, sorter \\ &<=/2)

  def sort_by(enumerable, mapper, :asc), do: unkeyed(:lists.keysort(1, keyed(enumerable, mapper)))

  def sort_by(enumerable, mapper, :desc) do
    pairs = :lists.reverse(keyed(enumerable, mapper))
    unkeyed(:lists.reverse(:lists.keysort(1, pairs)))
  end

  def sort_by(enumerable, mapper, sorter) do
    if sorter == (&<=/2) do
      sort_by(enumerable, mapper, :asc)
    else
      before = to_sort_fun(sorter)
      unkeyed(:lists.sort(fn {a, _}, {b, _} -> before.(a, b) end, keyed(enumerable, mapper)))
    end
  end

  defp keyed(enumerable, mapper), do: map(enumerable, &{mapper.(&1), &1})

  defp unkeyed([{_, x} | rest]), do: [x | unkeyed(rest)]
  defp unkeyed([]), do: []

  defp to_sort_fun(sorter) when is_function(sorter, 2), do: sorter
  defp to_sort_fun(:asc), do: &<=/2
  defp to_sort_fun(:desc), do: &>=/2
  defp to_sort_fun(module) when is_atom(module), do: &(module.compare(&1, &2) != :gt)
  defp to_sort_fun({:asc, module}) when is_atom(module), do: &(module.compare(&1, &2) != :gt)
  defp to_sort_fun({:desc, module}) when is_atom(module), do: &(module.compare(&1, &2) != :lt)

  # -- chance ----------------------------------------------------------------------------------------

  def random(first..last//step) do
    case range_size(first, last, step) do
      0 -> raise Enum.EmptyError
      n -> first + (:rand.uniform(n) - 1) * step
    end
  end

  def random(enumerable) do
    {enumerable, size, slicer} = sizing(enumerable)
    if size == 0, do: raise(Enum.EmptyError)
    [x] = sliced(enumerable, slicer, :rand.uniform(size) - 1, 1)
    x
  end

  def shuffle(enumerable) do
    list = to_list(enumerable)
    draw(list, length(list))
  end

  def take_random(_enumerable, 0), do: []

  def take_random(enumerable, count) when is_integer(count) and count > 0 do
    list = to_list(enumerable)
    draw(list, Kernel.min(count, length(list)))
  end

  # Draws elements without putting them back. A drawn place gets the last element that is left.
  defp draw(list, count), do: draw(:maps.from_list(index_back(list, 1)), length(list), count)

  defp draw(_places, _size, 0), do: []
  defp draw(%{1 => x}, 1, _count), do: [x]

  defp draw(places, size, count) do
    place = :rand.uniform(size)
    %{^place => x, ^size => last} = places
    [x | draw(%{places | place => last}, size - 1, count - 1)]
  end

  defp index_back([], _i), do: []
  defp index_back([x | rest], i), do: [{i, x} | index_back(rest, i + 1)]

  # -- several at once -------------------------------------------------------------------------------

  def zip(left, right), do: zip_with(left, right, &{&1, &2})
  def zip([]), do: []
  def zip(enumerables), do: zip_with(enumerables, &:erlang.list_to_tuple/1)

  def zip_with(left, right, fun) when is_list(left) and is_list(right) and is_function(fun, 2),
    do: zip_lists(left, right, fun)

  def zip_with(left, right, fun) when is_function(fun, 2) do
    zip_reduce(left, right, [], &[fun.(&1, &2) | &3]) |> :lists.reverse()
  end

  def zip_with([], _fun), do: []

  def zip_with(enumerables, fun) when is_function(fun, 1) do
    zip_reduce(enumerables, [], &[fun.(&1) | &2]) |> :lists.reverse()
  end

  defp zip_lists([x | xs], [y | ys], fun), do: [fun.(x, y) | zip_lists(xs, ys, fun)]
  defp zip_lists(_left, _right, _fun), do: []

  def zip_reduce(left, right, acc, fun) when is_function(fun, 3) do
    case {cursor(left), cursor(right)} do
      {:other, _} -> zip_walk([left, right], acc, fn [x, y], acc -> fun.(x, y, acc) end)
      {_, :other} -> zip_walk([left, right], acc, fn [x, y], acc -> fun.(x, y, acc) end)
      {left, right} -> zip_cursors(left, right, acc, fun)
    end
  end

  def zip_reduce([], acc, fun) when is_function(fun, 2), do: acc

  def zip_reduce(enumerables, acc, fun) when is_function(fun, 2) do
    cursors = map(enumerables, &cursor/1)

    if :lists.member(:other, cursors),
      do: zip_walk(enumerables, acc, fun),
      else: zip_cursors(cursors, acc, fun)
  end

  # What can be read one by one without the protocol: lists, and ranges as they are.
  defp cursor(list) when is_list(list), do: list
  defp cursor(first..last//step), do: {first, step, range_size(first, last, step)}
  defp cursor(%_{}), do: :other
  defp cursor(%{} = map), do: :maps.to_list(map)
  defp cursor(_other), do: :other

  defp next([x | rest]), do: {x, rest}
  defp next([]), do: :done
  defp next({_at, _step, 0}), do: :done
  defp next({at, step, left}), do: {at, {at + step, step, left - 1}}

  defp zip_cursors(left, right, acc, fun) do
    with {x, left} <- next(left), {y, right} <- next(right) do
      zip_cursors(left, right, fun.(x, y, acc), fun)
    else
      :done -> acc
    end
  end

  defp zip_cursors(cursors, acc, fun) do
    case next_all(cursors, [], []) do
      :done -> acc
      {row, cursors} -> zip_cursors(cursors, fun.(row, acc), fun)
    end
  end

  defp next_all([], row, cursors), do: {:lists.reverse(row), :lists.reverse(cursors)}

  defp next_all([cursor | rest], row, cursors) do
    with {x, cursor} <- next(cursor), do: next_all(rest, [x | row], [cursor | cursors])
  end

  defp zip_walk(enumerables, acc, fun) do
    zipped = Stream.zip_with(enumerables, & &1)
    zipped.({:cont, acc}, fn row, acc -> {:cont, fun.(row, acc)} end) |> elem(1)
  end

  def unzip(list) when is_list(list), do: :lists.reverse(list) |> unzip([], [])

  def unzip(enumerable) do
    {xs, ys} = reduce(enumerable, {[], []}, fn {x, y}, {xs, ys} -> {[x | xs], [y | ys]} end)
    {:lists.reverse(xs), :lists.reverse(ys)}
  end

  defp unzip([{x, y} | rest], xs, ys), do: unzip(rest, [x | xs], [y | ys])
  defp unzip([], xs, ys), do: {xs, ys}
end
