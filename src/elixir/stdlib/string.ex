# Strings: UTF-8 binaries. What needs the tables of Unicode is done by the machine.
defmodule String do
  # Tests

  def valid?(<<string::binary>>), do: is_binary(:unicode.characters_to_binary(string))
  def valid?(_), do: false

  def printable?(string, limit \\ :infinity)

  def printable?(string, limit)
      when is_binary(string) and (limit == :infinity or (is_integer(limit) and limit >= 0)) do
    :rashomon.string_printable(string, limit)
  end

  def starts_with?(string, prefix) when is_binary(string) and is_binary(prefix), do: prefix?(string, prefix)

  def starts_with?(string, prefixes) when is_binary(string) and is_list(prefixes) do
    any_prefix?(prefixes, string)
  end

  def starts_with?(string, prefix) when is_binary(string) do
    case :binary.match(string, prefix) do
      {0, _} -> true
      _ -> false
    end
  end

  defp any_prefix?([], _string), do: false
  defp any_prefix?([prefix | prefixes], string), do: prefix?(string, prefix) or any_prefix?(prefixes, string)

  defp prefix?(string, prefix) do
    size = byte_size(prefix)
    size <= byte_size(string) and :erlang.binary_part(string, 0, size) == prefix
  end

  def ends_with?(string, suffix) when is_binary(string) and is_binary(suffix), do: suffix?(string, suffix)

  def ends_with?(string, suffixes) when is_binary(string) and is_list(suffixes) do
    any_suffix?(suffixes, string)
  end

  defp any_suffix?([], _string), do: false
  defp any_suffix?([suffix | suffixes], string), do: suffix?(string, suffix) or any_suffix?(suffixes, string)

  defp suffix?(string, suffix) do
    size = byte_size(suffix)
    size <= byte_size(string) and :erlang.binary_part(string, byte_size(string), -size) == suffix
  end

  def contains?(string, []) when is_binary(string), do: false

  def contains?(string, contents) when is_binary(string) and is_list(contents) do
    "" in contents or :binary.match(string, contents) != :nomatch
  end

  def contains?(string, contents) when is_binary(string) do
    "" == contents or :binary.match(string, contents) != :nomatch
  end

  def match?(string, regex) when is_binary(string), do: Regex.match?(regex, string)

  def equivalent?(a, b) when is_binary(a) and is_binary(b), do: normalize(a, :nfd) == normalize(b, :nfd)

  # Case

  def upcase(string, mode \\ :default)
  def upcase("", _mode), do: ""

  def upcase(string, mode) when is_binary(string) and mode in [:default, :ascii, :greek, :turkic] do
    :rashomon.string_case(string, :upcase, mode)
  end

  def downcase(string, mode \\ :default)
  def downcase("", _mode), do: ""

  def downcase(string, mode) when is_binary(string) and mode in [:default, :ascii, :greek, :turkic] do
    :rashomon.string_case(string, :downcase, mode)
  end

  def capitalize(string, mode \\ :default)

  def capitalize(string, mode) when is_binary(string) and mode in [:default, :ascii, :greek, :turkic] do
    :rashomon.string_case(string, :capitalize, mode)
  end

  # Normal forms

  def normalize(string, form) when is_binary(string) and form in [:nfd, :nfc, :nfkd, :nfkc] do
    :rashomon.string_normalize(string, form)
  end

  # Parts

  def length(string) when is_binary(string), do: :rashomon.string_length(string)
  def graphemes(string) when is_binary(string), do: :rashomon.string_graphemes(string)
  def next_grapheme(string) when is_binary(string), do: :rashomon.string_next_grapheme(string)

  def codepoints(string) when is_binary(string), do: do_codepoints(string)

  defp do_codepoints(<<char::utf8, rest::binary>>), do: [<<char::utf8>> | do_codepoints(rest)]
  defp do_codepoints(<<byte, rest::binary>>), do: [<<byte>> | do_codepoints(rest)]
  defp do_codepoints(<<>>), do: []

  def next_codepoint(<<char::utf8, rest::binary>>), do: {<<char::utf8>>, rest}
  def next_codepoint(<<byte, rest::binary>>), do: {<<byte>>, rest}
  def next_codepoint(<<>>), do: nil

  def first(string) when is_binary(string) do
    case :rashomon.string_next_grapheme(string) do
      {grapheme, _} -> grapheme
      nil -> nil
    end
  end

  def last(""), do: nil
  def last(string) when is_binary(string), do: :lists.last(graphemes(string))

  def at(string, position) when is_binary(string) and is_integer(position) do
    position = if position < 0, do: :rashomon.string_length(string) + position, else: position

    if position < 0 do
      nil
    else
      offset = :rashomon.string_offset(string, position)
      first(:erlang.binary_part(string, offset, byte_size(string) - offset))
    end
  end

  def split_at(string, position)

  def split_at(string, position) when is_binary(string) and is_integer(position) and position >= 0 do
    cut(string, :rashomon.string_offset(string, position))
  end

  def split_at(string, position) when is_binary(string) and is_integer(position) do
    position = :rashomon.string_length(string) + position
    cut(string, if(position <= 0, do: 0, else: :rashomon.string_offset(string, position)))
  end

  defp cut(string, offset) do
    {:erlang.binary_part(string, 0, offset), :erlang.binary_part(string, offset, byte_size(string) - offset)}
  end

  def slice(string, start, count)

  def slice(_, _, 0), do: ""

  def slice(string, start, count)
      when is_binary(string) and is_integer(start) and is_integer(count) and start >= 0 and count >= 0 do
    from = :rashomon.string_offset(string, start)
    rest = :erlang.binary_part(string, from, byte_size(string) - from)
    :erlang.binary_part(rest, 0, :rashomon.string_offset(rest, count))
  end

  def slice(string, start, count)
      when is_binary(string) and is_integer(start) and is_integer(count) and start < 0 and count >= 0 do
    length = :rashomon.string_length(string)

    if start + length >= 0, do: slice(string, start + length, count), else: ""
  end

  def slice(string, %{__struct__: Range, first: first, last: last} = range) when is_binary(string) do
    case range do
      %{step: step} when step > 1 -> slice_steps(string, first, last, step)
      %{step: step} when step < -1 or (step == -1 and first <= last) -> bad_steps(range)
      _ -> slice_range(string, first, last)
    end
  end

  defp slice_steps(string, first, last, step) do
    string |> slice_range(first, last) |> graphemes() |> Enum.take_every(step) |> :erlang.iolist_to_binary()
  end

  defp bad_steps(range) do
    raise ArgumentError,
          "String.slice/2 does not accept ranges with negative steps, got: #{inspect(range)}"
  end

  defp slice_range("", _first, _last), do: ""

  defp slice_range(string, first, last) when first >= 0 and last >= 0 do
    if last >= first, do: slice(string, first, last - first + 1), else: ""
  end

  defp slice_range(string, first, last) do
    length = :rashomon.string_length(string)
    first = if first < 0, do: first + length, else: first
    last = if last < 0, do: last + length, else: last

    if first < 0 or first > length or last < first, do: "", else: slice(string, first, last - first + 1)
  end

  def reverse(string) when is_binary(string) do
    string |> graphemes() |> :lists.reverse() |> :erlang.iolist_to_binary()
  end

  def duplicate(string, count) when is_binary(string) and is_integer(count) do
    :binary.copy(string, count)
  end

  # Whitespace

  def trim(string) when is_binary(string), do: :rashomon.string_trim(string, :both)

  def trim(string, to_trim) when is_binary(string) and is_binary(to_trim) do
    string |> trim_leading(to_trim) |> trim_trailing(to_trim)
  end

  def trim_leading(string), do: :rashomon.string_trim(string, :leading)

  def trim_leading(string, to_trim) when is_binary(string) and is_binary(to_trim) do
    replace_leading(string, to_trim, "")
  end

  def trim_trailing(string), do: :rashomon.string_trim(string, :trailing)

  def trim_trailing(string, to_trim) when is_binary(string) and is_binary(to_trim) do
    replace_trailing(string, to_trim, "")
  end

  def pad_leading(string, count, padding \\ [" "])

  def pad_leading(string, count, padding) when is_binary(padding) do
    pad_leading(string, count, graphemes(padding))
  end

  def pad_leading(string, count, [_ | _] = padding)
      when is_binary(string) and is_integer(count) and count >= 0 do
    fill(string, count, padding) <> string
  end

  def pad_trailing(string, count, padding \\ [" "])

  def pad_trailing(string, count, padding) when is_binary(padding) do
    pad_trailing(string, count, graphemes(padding))
  end

  def pad_trailing(string, count, [_ | _] = padding)
      when is_binary(string) and is_integer(count) and count >= 0 do
    string <> fill(string, count, padding)
  end

  defp fill(string, count, padding) do
    missing = count - :rashomon.string_length(string)
    if missing > 0, do: :erlang.iolist_to_binary(cycle(missing, padding, padding)), else: ""
  end

  defp cycle(0, _, _), do: []
  defp cycle(count, [], padding), do: cycle(count, padding, padding)

  defp cycle(count, [part | parts], padding) when is_binary(part) do
    [part | cycle(count - 1, parts, padding)]
  end

  defp cycle(_count, [part | _], _padding) do
    raise ArgumentError, "expected a string padding element, got: #{inspect(part)}"
  end

  # Splitting

  def split(string) when is_binary(string), do: :rashomon.string_split(string)

  def split(string, pattern, options \\ [])

  def split(string, %{__struct__: Regex} = pattern, options) when is_binary(string) and is_list(options) do
    Regex.split(pattern, string, options)
  end

  def split(string, "", options) when is_binary(string) and is_list(options) do
    parts =
      if Keyword.get(options, :trim, false), do: split_graphemes(string), else: ["" | split_graphemes(string)]

    case Keyword.get(options, :parts, :infinity) do
      :infinity -> if(Keyword.get(options, :trim, false), do: trimmed(parts), else: parts)
      count -> limited_graphemes(string, count, Keyword.get(options, :trim, false))
    end
  end

  def split(string, [], options) when is_binary(string) and is_list(options) do
    if string == "" and Keyword.get(options, :trim, false), do: [], else: [string]
  end

  def split(string, pattern, []) when is_binary(string) and pattern != "" do
    :binary.split(string, pattern, [:global])
  end

  def split(string, pattern, options) when is_binary(string) and is_list(options) do
    trim? = Keyword.get(options, :trim, false)

    case Keyword.get(options, :parts, :infinity) do
      :infinity ->
        parts = :binary.split(string, pattern, [:global])
        if trim?, do: trimmed(parts), else: parts

      count ->
        limited(string, pattern, count, trim?)
    end
  end

  defp split_graphemes(string), do: graphemes(string) ++ [""]

  defp trimmed([]), do: []
  defp trimmed(["" | parts]), do: trimmed(parts)
  defp trimmed([part | parts]), do: [part | trimmed(parts)]

  defp limited_graphemes(string, 1, trim?), do: if(trim? and string == "", do: [], else: [string])
  defp limited_graphemes(string, count, true), do: next_graphemes(string, count, true)
  defp limited_graphemes(string, count, false), do: ["" | next_graphemes(string, count - 1, false)]

  defp next_graphemes("", _count, trim?), do: if(trim?, do: [], else: [""])
  defp next_graphemes(string, 1, _trim?), do: [string]

  defp next_graphemes(string, count, trim?) do
    {grapheme, rest} = next_grapheme(string)
    [grapheme | next_graphemes(rest, count - 1, trim?)]
  end

  defp limited(string, _pattern, 1, trim?), do: if(trim? and string == "", do: [], else: [string])

  defp limited(string, pattern, count, trim?) do
    case :binary.split(string, pattern) do
      ["", rest] when trim? -> limited(rest, pattern, count, trim?)
      [""] when trim? -> []
      [part, rest] -> [part | limited(rest, pattern, count - 1, trim?)]
      last -> last
    end
  end

  def splitter(string, pattern, options \\ [])

  def splitter(string, "", options) when is_binary(string) and is_list(options) do
    trim? = Keyword.get(options, :trim, false)

    Stream.unfold(if(trim?, do: string, else: {:first, string}), fn
      {:first, rest} -> {"", rest}
      :done -> nil
      "" -> if trim?, do: nil, else: {"", :done}
      rest -> next_grapheme(rest)
    end)
  end

  def splitter(string, pattern, options) when is_binary(string) and is_list(options) do
    trim? = Keyword.get(options, :trim, false)
    Stream.unfold(string, &next_part(&1, pattern, trim?))
  end

  defp next_part(:done, _pattern, _trim?), do: nil

  defp next_part(string, pattern, trim?) do
    case :binary.split(string, pattern) do
      ["", rest] when trim? -> next_part(rest, pattern, trim?)
      [""] when trim? -> nil
      [part, rest] -> {part, rest}
      [last] -> {last, :done}
    end
  end

  def chunk(string, trait) when is_binary(string) and trait in [:valid, :printable] do
    string |> do_codepoints() |> Enum.chunk_by(&trait?(&1, trait)) |> Enum.map(&:erlang.iolist_to_binary/1)
  end

  defp trait?(part, :valid), do: valid?(part)
  defp trait?(part, :printable), do: valid?(part) and printable?(part)

  # Replacing

  def replace(string, pattern, replacement, options \\ [])

  def replace(string, %{__struct__: Regex} = pattern, replacement, options)
      when is_binary(string) and (is_binary(replacement) or is_function(replacement, 1)) and is_list(options) do
    Regex.replace(pattern, string, replacement, options)
  end

  def replace(string, "", "", options) when is_binary(string) and is_list(options), do: string

  def replace(string, [], replacement, options)
      when is_binary(string) and (is_binary(replacement) or is_function(replacement, 1)) and is_list(options),
      do: string

  def replace(string, "", replacement, options)
      when is_binary(string) and (is_binary(replacement) or is_function(replacement, 1)) and is_list(options) do
    new = if is_binary(replacement), do: replacement, else: replacement.("")

    if Keyword.get(options, :global, true) do
      IO.iodata_to_binary([
        new | for(grapheme <- graphemes(string), do: [grapheme, between(replacement, new)])
      ])
    else
      IO.iodata_to_binary([new, string])
    end
  end

  def replace(string, pattern, replacement, options)
      when is_binary(string) and is_binary(replacement) and is_list(options) do
    case Keyword.get(options, :insert_replaced) do
      nil ->
        if Keyword.get(options, :global, true) do
          :binary.replace(string, pattern, replacement, [:global])
        else
          :binary.replace(string, pattern, replacement, [])
        end

      position ->
        if Keyword.get(options, :global, true) do
          :binary.replace(string, pattern, replacement, [:global, insert_replaced: position])
        else
          :binary.replace(string, pattern, replacement, insert_replaced: position)
        end
    end
  end

  def replace(string, pattern, replacement, options)
      when is_binary(string) and is_function(replacement, 1) and is_list(options) do
    matches =
      if Keyword.get(options, :global, true) do
        :binary.matches(string, pattern)
      else
        case :binary.match(string, pattern) do
          :nomatch -> []
          match -> [match]
        end
      end

    IO.iodata_to_binary(replaced(matches, 0, string, replacement))
  end

  defp between(replacement, new) when is_binary(replacement), do: new
  defp between(replacement, _new), do: replacement.("")

  defp replaced([], from, string, _replacement),
    do: [:erlang.binary_part(string, from, byte_size(string) - from)]

  defp replaced([{start, size} | matches], from, string, replacement) do
    before = :erlang.binary_part(string, from, start - from)
    new = replacement.(:erlang.binary_part(string, start, size))
    [before, new | replaced(matches, start + size, string, replacement)]
  end

  def replace_leading(string, match, replacement)
      when is_binary(string) and is_binary(match) and is_binary(replacement) do
    if match == "", do: raise(ArgumentError, "cannot use an empty string as the match to replace")
    {count, rest} = leading(string, match, byte_size(match), 0)
    :binary.copy(replacement, count) <> rest
  end

  defp leading(string, match, size, count) do
    case string do
      <<^match::binary-size(size), rest::binary>> -> leading(rest, match, size, count + 1)
      _ -> {count, string}
    end
  end

  def replace_trailing(string, match, replacement)
      when is_binary(string) and is_binary(match) and is_binary(replacement) do
    if match == "", do: raise(ArgumentError, "cannot use an empty string as the match to replace")
    {count, rest} = trailing(string, match, byte_size(match), 0)
    rest <> :binary.copy(replacement, count)
  end

  defp trailing(string, match, size, count) do
    if suffix?(string, match) do
      trailing(:erlang.binary_part(string, 0, byte_size(string) - size), match, size, count + 1)
    else
      {count, string}
    end
  end

  def replace_prefix(string, match, replacement)
      when is_binary(string) and is_binary(match) and is_binary(replacement) do
    if prefix?(string, match) do
      size = byte_size(match)
      replacement <> :erlang.binary_part(string, size, byte_size(string) - size)
    else
      string
    end
  end

  def replace_suffix(string, match, replacement)
      when is_binary(string) and is_binary(match) and is_binary(replacement) do
    if suffix?(string, match) do
      :erlang.binary_part(string, 0, byte_size(string) - byte_size(match)) <> replacement
    else
      string
    end
  end

  # Conversions

  def to_charlist(string) when is_binary(string) do
    case :unicode.characters_to_list(string) do
      list when is_list(list) ->
        list

      {:error, encoded, rest} ->
        raise UnicodeConversionError, encoded: encoded, rest: rest, kind: :invalid

      {:incomplete, encoded, rest} ->
        raise UnicodeConversionError, encoded: encoded, rest: rest, kind: :incomplete
    end
  end

  def to_atom(string), do: :erlang.binary_to_atom(string, :utf8)
  def to_existing_atom(string), do: :erlang.binary_to_existing_atom(string, :utf8)
  def to_integer(string), do: :erlang.binary_to_integer(string)

  def to_integer(string, base) when is_binary(string) and is_integer(base) do
    :erlang.binary_to_integer(string, base)
  end

  def to_float(string) when is_binary(string), do: :erlang.binary_to_float(string)

  # Distances

  def jaro_distance(string, string), do: 1.0
  def jaro_distance(_string, ""), do: 0.0
  def jaro_distance("", _string), do: 0.0

  def jaro_distance(string1, string2) when is_binary(string1) and is_binary(string2) do
    list1 = graphemes(string1)
    list2 = graphemes(string2)
    length1 = Kernel.length(list1)
    length2 = Kernel.length(list2)

    # The longer string is walked; a letter may match one that is not further away than the window.
    {long, short, long_length, short_length} =
      if length1 > length2, do: {list1, list2, length1, length2}, else: {list2, list1, length2, length1}

    window = max(div(long_length, 2) - 1, 0)
    slots = short |> Enum.with_index() |> Enum.map(fn {letter, index} -> {index, letter} end)
    {matched_short, taken} = jaro_matches(slots, long |> List.to_tuple(), long_length, window, %{}, [])
    matches = Kernel.length(matched_short)

    if matches == 0 do
      0.0
    else
      letters = List.to_tuple(long)
      matched_long = taken |> Map.keys() |> Enum.sort() |> Enum.map(&elem(letters, &1))
      moved = matched_short |> Enum.zip(matched_long) |> Enum.count(fn {a, b} -> a != b end)
      transpositions = div(moved, 2)
      (matches / short_length + matches / long_length + (matches - transpositions) / matches) / 3
    end
  end

  defp jaro_matches([], _letters, _length, _window, taken, found), do: {:lists.reverse(found), taken}

  defp jaro_matches([{index, letter} | slots], letters, length, window, taken, found) do
    case jaro_find(max(index - window, 0), min(index + window, length - 1), letter, letters, taken) do
      nil -> jaro_matches(slots, letters, length, window, taken, found)
      at -> jaro_matches(slots, letters, length, window, Map.put(taken, at, true), [letter | found])
    end
  end

  defp jaro_find(at, last, _letter, _letters, _taken) when at > last, do: nil

  defp jaro_find(at, last, letter, letters, taken) do
    if elem(letters, at) == letter and not is_map_key(taken, at) do
      at
    else
      jaro_find(at + 1, last, letter, letters, taken)
    end
  end

  def bag_distance(_string, ""), do: 0.0
  def bag_distance("", _string), do: 0.0

  def bag_distance(string1, string2) when is_binary(string1) and is_binary(string2) do
    {bag1, length1} = bag(string1)
    {bag2, length2} = bag(string2)
    difference = max(bag_difference(bag1, bag2), bag_difference(bag2, bag1))
    1 - difference / max(length1, length2)
  end

  defp bag(string) do
    graphemes = graphemes(string)
    {Enum.frequencies(graphemes), Kernel.length(graphemes)}
  end

  defp bag_difference(bag1, bag2) do
    Enum.reduce(bag1, 0, fn {grapheme, count}, sum -> sum + max(count - Map.get(bag2, grapheme, 0), 0) end)
  end

  def myers_difference(string1, string2) when is_binary(string1) and is_binary(string2) do
    for {kind, parts} <- List.myers_difference(graphemes(string1), graphemes(string2)) do
      {kind, :erlang.iolist_to_binary(parts)}
    end
  end

  # Old names

  def strip(string), do: trim(string)
  def lstrip(string), do: trim_leading(string)
  def rstrip(string), do: trim_trailing(string)
  def ljust(string, count, padding \\ ?\s), do: pad_trailing(string, count, [<<padding::utf8>>])
  def rjust(string, count, padding \\ ?\s), do: pad_leading(string, count, [<<padding::utf8>>])
  def to_char_list(string), do: String.to_charlist(string)
  def valid_character?(<<_::utf8>>), do: true
  def valid_character?(_), do: false

  def next_grapheme_size(string) when is_binary(string) do
    case next_grapheme(string) do
      nil -> nil
      {grapheme, rest} -> {byte_size(grapheme), rest}
    end
  end
end
