defmodule Par do
  @callback speak(String.t()) :: String.t()
  @callback opt() :: any
  @optional_callbacks opt: 0
end
defmodule Dog do
  @behaviour Par
  @impl Par
  def speak(n), do: n <> " woof"
end
defmodule Cat do
  @behaviour Par
end
IO.puts Dog.speak("rex")
IO.inspect Par.behaviour_info(:callbacks)
IO.inspect Dog.__info__(:attributes)[:behaviour]
