defmodule Bench do
  def run do
    pong = spawn(fn -> pong() end)
    ping(pong, 50_000)
    send(pong, :stop)
  end

  defp ping(_pong, 0), do: :ok

  defp ping(pong, left) do
    send(pong, {:ping, self(), left})

    receive do
      {:pong, ^left} -> ping(pong, left - 1)
    end
  end

  defp pong do
    receive do
      {:ping, from, number} ->
        send(from, {:pong, number})
        pong()

      :stop ->
        :ok
    end
  end
end
