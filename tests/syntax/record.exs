# Writes what Elixir makes of programs: elixir record.exs PROGRAMS TREES ERRORS
# Programs are separated by lines of five equals signs. Run it with Elixir 1.14.
defmodule Record do
  def escaped(bytes) do
    for <<byte <- bytes>>, into: "" do
      if byte in 0x21..0x7E and byte != ?%, do: <<byte>>, else: "%" <> Base.encode16(<<byte>>)
    end
  end

  def meta(meta) do
    place = if meta[:line], do: " @#{meta[:line]}:#{meta[:column]}", else: " @-"

    rest =
      for {key, value} <- Enum.sort(Keyword.drop(meta, [:line, :column])) do
        " #{key}=" <> if(is_binary(value), do: escaped(value), else: inspect(value))
      end

    [place, rest, "\n"]
  end

  def node(ast, depth) do
    [String.duplicate(" ", depth), body(ast, depth)]
  end

  defp body(number, _) when is_integer(number), do: "int #{number}\n"
  defp body(number, _) when is_float(number), do: ["float ", Base.encode16(<<number::float>>), "\n"]
  defp body(atom, _) when is_atom(atom), do: ["atom ", escaped(Atom.to_string(atom)), "\n"]
  defp body(text, _) when is_binary(text), do: ["text ", escaped(text), "\n"]
  defp body(list, depth) when is_list(list), do: ["list #{length(list)}\n", nodes(list, depth)]
  defp body({left, right}, depth), do: ["pair\n", nodes([left, right], depth)]
  defp body({name, meta, nil}, _), do: ["var ", escaped(Atom.to_string(name)), meta(meta)]

  defp body({name, meta, arguments}, depth) when is_atom(name),
    do: ["call ", escaped(Atom.to_string(name)), meta(meta), nodes(arguments, depth)]

  defp body({head, meta, arguments}, depth), do: ["expr", meta(meta), nodes([head | arguments], depth)]

  defp nodes(list, depth), do: Enum.map(list, &node(&1, depth + 1))

  def answer(program) do
    {:tree, program |> Code.string_to_quoted!(columns: true) |> node(0) |> IO.iodata_to_binary()}
  rescue
    error in [SyntaxError, TokenMissingError] ->
      [line | _] = String.split(Exception.message(error), "\n")
      {:error, "** (#{inspect(error.__struct__)}) #{line}\n"}
  end
end

[programs, trees, errors] = System.argv()

answers =
  for program <- programs |> File.read!() |> String.split("\n=====\n") |> Enum.uniq() do
    {kind, text} = Record.answer(program)
    {kind, program <> "\n-----\n" <> text}
  end

File.write!(trees, for({:tree, text} <- answers, do: text) |> Enum.join("=====\n"))
File.write!(errors, for({:error, text} <- answers, do: text) |> Enum.join("=====\n"))
