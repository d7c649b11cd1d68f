# A device, read or written piece by piece.
defmodule IO.Stream do
  defstruct [:device, :raw, :line_or_bytes]

  def next(%{device: device, line_or_bytes: :line}), do: IO.read(device, :line)
  def next(%{device: device, line_or_bytes: count}), do: IO.getn(device, "", count)
end

defimpl Enumerable, for: IO.Stream do
  def reduce(_stream, {:halt, acc}, _fun), do: {:halted, acc}
  def reduce(stream, {:suspend, acc}, fun), do: {:suspended, acc, &reduce(stream, &1, fun)}

  def reduce(stream, {:cont, acc}, fun) do
    case IO.Stream.next(stream) do
      :eof -> {:done, acc}
      {:error, reason} -> raise IO.StreamError, reason: reason
      piece -> reduce(stream, fun.(piece, acc), fun)
    end
  end

  def count(_stream), do: {:error, __MODULE__}
  def member?(_stream, _element), do: {:error, __MODULE__}
  def slice(_stream), do: {:error, __MODULE__}
end

defimpl Collectable, for: IO.Stream do
  def into(%{device: device, raw: raw} = stream) do
    collector = fn
      :ok, {:cont, item} -> if raw, do: IO.binwrite(device, item), else: IO.write(device, item)
      :ok, _ -> stream
    end

    {:ok, collector}
  end
end
