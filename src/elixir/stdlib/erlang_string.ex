# Some of Erlang's `string`. Strings are charlists or binaries; the kind that was given is returned.
defmodule :string do
  def length(string), do: String.length(text(string))
  def len(chars) when is_list(chars), do: :erlang.length(chars)
  def is_empty(string), do: text(string) == ""
  def equal(a, b), do: text(a) == text(b)
  def to_graphemes(string), do: string |> text() |> String.graphemes() |> Enum.map(&grapheme/1)

  defp grapheme(grapheme) do
    case String.to_charlist(grapheme) do
      [char] -> char
      chars -> chars
    end
  end

  def uppercase(string), do: like(string, String.upcase(text(string)))
  def lowercase(string), do: like(string, String.downcase(text(string)))

  def titlecase(string) do
    case String.next_grapheme(text(string)) do
      nil -> string
      {first, rest} -> like(string, String.capitalize(first) <> rest)
    end
  end

  def to_upper(char) when is_integer(char), do: if(char in ?a..?z, do: char - 32, else: char)
  def to_upper(chars) when is_list(chars), do: for(char <- chars, do: to_upper(char))
  def to_lower(char) when is_integer(char), do: if(char in ?A..?Z, do: char + 32, else: char)
  def to_lower(chars) when is_list(chars), do: for(char <- chars, do: to_lower(char))

  def reverse(string), do: string |> text() |> String.reverse() |> String.to_charlist()
  def concat(a, b), do: a ++ b
  def copies(chars, count), do: chars |> List.duplicate(count) |> :lists.append()
  def chars(char, count), do: List.duplicate(char, count)

  def trim(string), do: like(string, String.trim(text(string)))
  def trim(string, :leading), do: like(string, String.trim_leading(text(string)))
  def trim(string, :trailing), do: like(string, String.trim_trailing(text(string)))
  def trim(string, :both), do: trim(string)
  def strip(chars), do: strip(chars, :both, ?\s)
  def strip(chars, side), do: strip(chars, side, ?\s)
  def strip(chars, :left, char), do: Enum.drop_while(chars, &(&1 == char))

  def strip(chars, :right, char),
    do: chars |> Enum.reverse() |> Enum.drop_while(&(&1 == char)) |> Enum.reverse()

  def strip(chars, :both, char), do: chars |> strip(:left, char) |> strip(:right, char)

  def split(string, pattern), do: split(string, pattern, :leading)

  def split(string, pattern, where) do
    text = text(string)
    pattern = text(pattern)

    parts =
      case where do
        _ when pattern == "" ->
          [text]

        :leading ->
          :binary.split(text, pattern)

        :all ->
          :binary.split(text, pattern, [:global])

        :trailing ->
          case :binary.matches(text, pattern) do
            [] ->
              [text]

            matches ->
              {at, size} = :lists.last(matches)
              rest = at + size
              [:erlang.binary_part(text, 0, at), :erlang.binary_part(text, rest, byte_size(text) - rest)]
          end
      end

    Enum.map(parts, &like(string, &1))
  end

  def replace(string, pattern, replacement), do: replace(string, pattern, replacement, :leading)

  def replace(string, pattern, replacement, where) do
    string |> split(pattern, where) |> Enum.intersperse(replacement)
  end

  def find(string, pattern) do
    text = text(string)

    case :binary.match(text, text(pattern)) do
      :nomatch -> :nomatch
      {at, _} -> like(string, :erlang.binary_part(text, at, byte_size(text) - at))
    end
  end

  def tokens(chars, separators), do: lexemes(chars, separators)

  def lexemes(string, separators) do
    separators = Enum.map(separators, &IO.chardata_to_string(List.wrap(&1)))
    parts = :binary.split(text(string), separators, [:global])
    for part <- parts, part != "", do: like(string, part)
  end

  def join(list, separator), do: list |> Enum.intersperse(separator) |> :lists.append()

  def slice(string, start), do: like(string, String.slice(text(string), start, String.length(text(string))))
  def slice(string, start, count), do: like(string, String.slice(text(string), start, count))
  def substr(chars, start), do: Enum.drop(chars, start - 1)
  def substr(chars, start, count), do: chars |> Enum.drop(start - 1) |> Enum.take(count)
  def sub_string(chars, start), do: substr(chars, start)
  def sub_string(chars, start, stop), do: substr(chars, start, stop - start + 1)
  def str(chars, part), do: position(chars, part, 1)

  defp position([], part, at), do: if(part == [], do: at, else: 0)

  defp position([_ | rest] = chars, part, at),
    do: if(:lists.prefix(part, chars), do: at, else: position(rest, part, at + 1))

  def chr(chars, char), do: (Enum.find_index(chars, &(&1 == char)) || -1) + 1

  def prefix(string, prefix) do
    text = text(string)
    prefix = text(prefix)

    if String.starts_with?(text, prefix),
      do: like(string, String.replace_prefix(text, prefix, "")),
      else: :nomatch
  end

  def pad(string, size), do: pad(string, size, :trailing)
  def pad(string, size, side), do: pad(string, size, side, ?\s)

  def pad(string, size, side, char) do
    filler = List.duplicate(char, max(size - __MODULE__.length(string), 0))
    if side == :leading, do: [filler | [string]], else: [string | filler]
  end

  def left(chars, size),
    do: chars |> Enum.take(size) |> then(&(&1 ++ List.duplicate(?\s, size - :erlang.length(&1))))

  def right(chars, size),
    do: List.duplicate(?\s, max(size - :erlang.length(chars), 0)) ++ Enum.take(chars, -size)

  def to_integer(string), do: parsed(string, Integer.parse(text(string)), :no_integer)
  def to_float(string), do: parsed(string, float_only(text(string)), :no_float)

  defp float_only(text) do
    case Float.parse(text) do
      {number, rest} -> if :binary.match(text, ".") == :nomatch, do: :error, else: {number, rest}
      :error -> :error
    end
  end

  defp parsed(_string, :error, reason), do: {:error, reason}
  defp parsed(string, {number, rest}, _reason), do: {number, like(string, rest)}

  defp text(string) when is_binary(string), do: string
  defp text(string), do: List.to_string(string)

  defp like(string, text) when is_binary(string), do: text
  defp like(_string, text), do: String.to_charlist(text)
end
