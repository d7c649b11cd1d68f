# Erlang's queue: {rear, front}, the rear list being in reverse. A queue of two or more elements has some in
# both lists.

defmodule :queue do
  import Kernel, except: [in: 2]

  def new, do: {[], []}

  def is_queue({rear, front}) when is_list(rear) and is_list(front), do: true
  def is_queue(_other), do: false

  def is_empty({[], []}), do: true
  def is_empty({rear, front}) when is_list(rear) and is_list(front), do: false
  def is_empty(_other), do: bad()

  def len({rear, front}) when is_list(rear) and is_list(front), do: length(rear) + length(front)
  def len(_other), do: bad()

  def to_list({rear, front}) when is_list(rear) and is_list(front), do: front ++ :lists.reverse(rear)
  def to_list(_other), do: bad()

  def from_list(list) when is_list(list), do: from_front(list)
  def from_list(_other), do: bad()

  def member(x, {rear, front}) when is_list(rear) and is_list(front),
    do: :lists.member(x, rear) or :lists.member(x, front)

  def member(_x, _other), do: bad()

  defp bad, do: :erlang.error(:badarg)

  # A queue from one list alone: half of it, or one element less, stays where it is.
  defp from_front(list) do
    {front, rest} = :lists.split(div(length(list), 2), list)
    {:lists.reverse(rest), front}
  end

  defp from_rear(list) do
    {rear, rest} = :lists.split(div(length(list), 2), list)
    {rear, :lists.reverse(rest)}
  end

  # -- both ends -------------------------------------------------------------------------------------

  def x in queue, do: push(x, queue)

  defp push(x, {[_] = rear, []}), do: {[x], rear}
  defp push(x, {rear, front}) when is_list(rear) and is_list(front), do: {[x | rear], front}
  defp push(_x, _other), do: bad()

  def in_r(x, {[], [_] = front}), do: {front, [x]}
  def in_r(x, {rear, front}) when is_list(rear) and is_list(front), do: {rear, [x | front]}
  def in_r(_x, _other), do: bad()

  def out({[], []} = queue), do: {:empty, queue}
  def out({[x], []}), do: {{:value, x}, {[], []}}

  def out({[y | rear], []}) do
    [x | front] = :lists.reverse(rear)
    {{:value, x}, {[y], front}}
  end

  def out({rear, [x]}) when is_list(rear), do: {{:value, x}, from_rear(rear)}
  def out({rear, [x | front]}) when is_list(rear), do: {{:value, x}, {rear, front}}
  def out(_other), do: bad()

  def out_r({[], []} = queue), do: {:empty, queue}
  def out_r({[], [x]}), do: {{:value, x}, {[], []}}

  def out_r({[], [y | front]}) do
    [x | rear] = :lists.reverse(front)
    {{:value, x}, {rear, [y]}}
  end

  def out_r({[x], front}) when is_list(front), do: {{:value, x}, from_front(front)}
  def out_r({[x | rear], front}) when is_list(front), do: {{:value, x}, {rear, front}}
  def out_r(_other), do: bad()

  def get(queue) do
    case peek(queue) do
      {:value, x} -> x
      :empty -> :erlang.error(:empty)
    end
  end

  def get_r(queue) do
    case peek_r(queue) do
      {:value, x} -> x
      :empty -> :erlang.error(:empty)
    end
  end

  def peek({[], []}), do: :empty
  def peek({rear, [x | _]}) when is_list(rear), do: {:value, x}
  def peek({rear, []}) when is_list(rear), do: {:value, :lists.last(rear)}
  def peek(_other), do: bad()

  def peek_r({[], []}), do: :empty
  def peek_r({[x | _], front}) when is_list(front), do: {:value, x}
  def peek_r({[], front}) when is_list(front), do: {:value, :lists.last(front)}
  def peek_r(_other), do: bad()

  def drop(queue) do
    case out(queue) do
      {:empty, _} -> :erlang.error(:empty)
      {_, queue} -> queue
    end
  end

  def drop_r(queue) do
    case out_r(queue) do
      {:empty, _} -> :erlang.error(:empty)
      {_, queue} -> queue
    end
  end

  # -- whole queues ----------------------------------------------------------------------------------

  def reverse({rear, front}) when is_list(rear) and is_list(front), do: {front, rear}
  def reverse(_other), do: bad()

  def join({rear, front} = queue, {[], []}) when is_list(rear) and is_list(front), do: queue
  def join({[], []}, {rear, front} = queue) when is_list(rear) and is_list(front), do: queue

  def join({rear, front}, {other_rear, other_front})
      when is_list(rear) and is_list(front) and is_list(other_rear) and is_list(other_front),
      do: {other_rear, front ++ :lists.reverse(rear, other_front)}

  def join(_queue, _other), do: bad()

  def split(n, {rear, front} = queue) when is_integer(n) and n >= 0 and is_list(rear) and is_list(front) do
    from_front = length(front)
    size = from_front + length(rear)

    cond do
      n > size ->
        bad()

      n == 0 ->
        {{[], []}, queue}

      n == size ->
        {queue, {[], []}}

      n == from_front ->
        {from_front(front), from_rear(rear)}

      n < from_front ->
        {[x | more], second} = :lists.split(n, front)
        {{:lists.reverse(more), [x]}, {rear, second}}

      true ->
        {[x | more], first} = :lists.split(size - n, rear)
        {{first, front}, {[x], :lists.reverse(more)}}
    end
  end

  def split(_n, _queue), do: bad()

  def filter(fun, {rear, front}) when is_function(fun, 1) and is_list(rear) and is_list(front) do
    select(fn x -> keep(fun.(x), x) end, rear, front)
  end

  def filter(_fun, _queue), do: bad()

  defp keep(true, x), do: [x]
  defp keep(false, _x), do: []
  defp keep(list, _x) when is_list(list), do: list

  def filtermap(fun, {rear, front}) when is_function(fun, 1) and is_list(rear) and is_list(front) do
    select(
      fn x ->
        case fun.(x) do
          true -> [x]
          {true, y} -> [y]
          false -> []
        end
      end,
      rear,
      front
    )
  end

  def filtermap(_fun, _queue), do: bad()

  # Front first; what becomes of an element is a list.
  defp select(fun, rear, front) do
    front = select_front(front, fun)
    from_sides(select_rear(:lists.reverse(rear), fun, []), front)
  end

  defp select_front([x | rest], fun), do: fun.(x) ++ select_front(rest, fun)
  defp select_front([], _fun), do: []

  defp select_rear([x | rest], fun, acc), do: select_rear(rest, fun, :lists.reverse(fun.(x), acc))
  defp select_rear([], _fun, acc), do: acc

  def fold(fun, acc, {rear, front}) when is_function(fun, 2) and is_list(rear) and is_list(front),
    do: fold_1(:lists.reverse(rear), fold_1(front, acc, fun), fun)

  def fold(_fun, _acc, _queue), do: bad()

  defp fold_1([x | rest], acc, fun), do: fold_1(rest, fun.(x, acc), fun)
  defp fold_1([], acc, _fun), do: acc

  def any(fun, queue) when is_function(fun, 1), do: any_1(to_list(queue), fun)
  def any(_fun, _queue), do: bad()

  defp any_1([x | rest], fun), do: if(fun.(x), do: true, else: any_1(rest, fun))
  defp any_1([], _fun), do: false

  def all(fun, queue) when is_function(fun, 1), do: all_1(to_list(queue), fun)
  def all(_fun, _queue), do: bad()

  defp all_1([x | rest], fun), do: if(fun.(x), do: all_1(rest, fun), else: false)
  defp all_1([], _fun), do: true

  def delete(x, queue), do: delete_with(&(&1 === x), queue)
  def delete_r(x, queue), do: delete_with_r(&(&1 === x), queue)

  def delete_with(fun, {rear, front} = queue) when is_function(fun, 1) and is_list(rear) and is_list(front) do
    case delete_first(front, fun, []) do
      :none ->
        case delete_first(:lists.reverse(rear), fun, []) do
          :none -> queue
          list -> from_sides(:lists.reverse(list), front)
        end

      front ->
        from_sides(rear, front)
    end
  end

  def delete_with(_fun, _queue), do: bad()

  def delete_with_r(fun, queue), do: reverse(delete_with(fun, reverse(queue)))

  defp delete_first([x | rest], fun, seen),
    do: if(fun.(x), do: :lists.reverse(seen, rest), else: delete_first(rest, fun, [x | seen]))

  defp delete_first([], _fun, _seen), do: :none

  defp from_sides([], front), do: from_front(front)
  defp from_sides(rear, []), do: from_rear(rear)
  defp from_sides(rear, front), do: {rear, front}

  # -- the other names (Okasaki's) -------------------------------------------------------------------

  def cons(x, queue), do: in_r(x, queue)
  def snoc(queue, x), do: push(x, queue)
  def head(queue), do: get(queue)
  def tail(queue), do: drop(queue)
  def last(queue), do: get_r(queue)
  def daeh(queue), do: get_r(queue)
  def init(queue), do: drop_r(queue)
  def liat(queue), do: drop_r(queue)
  def lait(queue), do: drop_r(queue)
end
