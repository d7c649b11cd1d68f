# Every metric has subscribed in time, but each answer is judged by a process of its own, which publishes what it found.
# The judge of the second answer may be faster.
defmodule Answers do
  def start, do: spawn(fn -> loop([]) end)

  def subscribe(answers) do
    send(answers, {:subscribe, self()})
    receive do: (:subscribed -> :ok)
  end

  # Comes back when the answer has been handed on.
  def publish(answers, answer) do
    send(answers, {:answer, answer, self()})
    receive do: (:published -> :ok)
  end

  defp loop(subscribers) do
    receive do
      {:subscribe, pid} ->
        send(pid, :subscribed)
        loop([pid | subscribers])

      {:answer, answer, judge} ->
        for pid <- subscribers, do: send(pid, {:answer, answer})
        send(judge, :published)
        loop(subscribers)

      :close ->
        for pid <- subscribers, do: send(pid, :closed)
    end
  end
end

defmodule Metric do
  def start(name, answers, teacher) do
    spawn(fn ->
      Answers.subscribe(answers)
      send(teacher, {:ready, name})
      send(teacher, {:seen, name, collect([])})
    end)
  end

  defp collect(seen) do
    receive do
      {:answer, answer} -> collect(seen ++ [answer])
      :closed -> seen
    end
  end
end

teacher = self()
answers = Answers.start()

for name <- ["mastery", "grade book"] do
  Metric.start(name, answers, teacher)
  receive do: ({:ready, ^name} -> :ok)
end

for answer <- ["1 right", "2 wrong"] do
  spawn(fn ->
    Answers.publish(answers, answer)
    send(teacher, :judged)
  end)
end

for _ <- 1..2, do: receive(do: (:judged -> :ok))
send(answers, :close)

for name <- ["mastery", "grade book"] do
  receive do: ({:seen, ^name, seen} -> IO.puts("#{name}: #{Enum.join(seen, ", ")}"))
end
