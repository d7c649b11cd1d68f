# A pool runs one job at a time, and a job takes 100 milliseconds. A client waits 100 milliseconds for its first job. If
# it gives up just before the result comes, it takes that result for the one of its second job.
defmodule Pool do
  def start(limit), do: spawn(fn -> loop(limit) end)

  def run(pool, job, patience) do
    send(pool, {:run, job, self()})

    receive do
      {:result, result} -> {:ok, result}
    after
      patience -> :timeout
    end
  end

  # While no worker is free, jobs stay in the mailbox.
  defp loop(free) do
    receive do
      {:run, job, client} when free > 0 ->
        pool = self()

        spawn(fn ->
          Process.sleep(100)
          send(client, {:result, String.upcase(job)})
          send(pool, :free)
        end)

        loop(free - 1)

      :free ->
        loop(free + 1)
    end
  end
end

pool = Pool.start(1)

for {job, patience} <- [{"first", 100}, {"second", :infinity}] do
  case Pool.run(pool, job, patience) do
    {:ok, result} -> IO.puts("#{job}: #{result}")
    :timeout -> IO.puts("#{job}: gave up")
  end
end
