# Regular expressions. The machine compiles and matches; what is done with the matches stands here.
defmodule Regex do
  defstruct re_pattern: nil, source: "", opts: "", re_version: ""

  def compile(source, options \\ "")

  def compile(source, options) when is_binary(source) and is_binary(options) do
    case modifiers(options, []) do
      {:error, rest} -> {:error, {:invalid_option, rest}}
      list -> build(source, list, options)
    end
  end

  def compile(source, options) when is_binary(source) and is_list(options),
    do: build(source, options, options)

  defp build(source, list, options) do
    case :rashomon.regex_compile(source, list) do
      {:ok, pattern} ->
        {:ok, %Regex{re_pattern: pattern, source: source, opts: options, re_version: version()}}

      error ->
        error
    end
  end

  def compile!(source, options \\ "") when is_binary(source) do
    case compile(source, options) do
      {:ok, regex} -> regex
      {:error, {reason, at}} -> raise Regex.CompileError, "#{reason} at position #{at}"
    end
  end

  defp modifiers(<<?f, rest::binary>>, acc), do: modifiers(rest, [:firstline | acc])
  defp modifiers(<<?i, rest::binary>>, acc), do: modifiers(rest, [:caseless | acc])
  defp modifiers(<<?m, rest::binary>>, acc), do: modifiers(rest, [:multiline | acc])
  defp modifiers(<<?r, rest::binary>>, acc), do: modifiers(rest, [:ungreedy | acc])
  defp modifiers(<<?U, rest::binary>>, acc), do: modifiers(rest, [:ungreedy | acc])
  defp modifiers(<<?s, rest::binary>>, acc), do: modifiers(rest, [{:newline, :anycrlf}, :dotall | acc])
  defp modifiers(<<?u, rest::binary>>, acc), do: modifiers(rest, [:ucp, :unicode | acc])
  defp modifiers(<<?x, rest::binary>>, acc), do: modifiers(rest, [:extended | acc])
  defp modifiers(<<>>, acc), do: :lists.reverse(acc)
  defp modifiers(rest, _acc), do: {:error, rest}

  def recompile(%Regex{} = regex), do: {:ok, regex}
  def recompile!(%Regex{} = regex), do: regex
  def version, do: {"8.44 2020-02-12", :little}
  def regex?(%{__struct__: Regex}), do: true
  def regex?(_), do: false
  def source(%Regex{source: source}), do: source
  def opts(%Regex{opts: opts}), do: opts
  def re_pattern(%Regex{re_pattern: pattern}), do: pattern
  def names(%Regex{re_pattern: pattern}), do: for({name, _} <- :rashomon.regex_names(pattern), do: name)

  # Matching

  def match?(%Regex{re_pattern: pattern}, string) when is_binary(string) do
    :rashomon.regex_run(pattern, string, 0) != nil
  end

  def run(regex, string, options \\ [])

  def run(%Regex{re_pattern: pattern}, string, options) when is_binary(string) do
    return = return_option(options)
    capture = Keyword.get(options, :capture, :all)

    case :rashomon.regex_run(pattern, string, Keyword.get(options, :offset, 0)) do
      nil -> nil
      match -> returned(captured(match, capture, pattern), string, return)
    end
  end

  def scan(regex, string, options \\ [])

  def scan(%Regex{re_pattern: pattern}, string, options) when is_binary(string) do
    return = return_option(options)
    capture = Keyword.get(options, :capture, :all)

    for match <- matches(pattern, string, Keyword.get(options, :offset, 0)) do
      returned(captured(match, capture, pattern), string, return)
    end
  end

  def named_captures(regex, string, options \\ []) when is_binary(string) do
    case run(regex, string, Keyword.put(options, :capture, :all_names)) do
      nil -> nil
      found -> regex |> names() |> Enum.zip(found) |> Enum.into(%{})
    end
  end

  defp return_option(options) do
    case Keyword.get(options, :return, :binary) do
      return when return in [:binary, :index] -> return
      _ -> raise ArgumentError
    end
  end

  # All matches from an offset on. After an empty match the search goes on at the next character.
  defp matches(_pattern, string, offset) when offset > byte_size(string), do: []

  defp matches(pattern, string, offset) do
    case :rashomon.regex_run(pattern, string, offset) do
      nil -> []
      [{at, 0} | _] = match -> [match | matches(pattern, string, at + char_size(string, at))]
      [{at, size} | _] = match -> [match | matches(pattern, string, at + size)]
    end
  end

  defp char_size(string, at) do
    case :erlang.binary_part(string, at, byte_size(string) - at) do
      <<char::utf8, _::binary>> -> byte_size(<<char::utf8>>)
      _ -> 1
    end
  end

  defp captured(match, :all, _pattern), do: match
  defp captured([first | _], :first, _pattern), do: [first]
  defp captured([_ | rest], :all_but_first, _pattern), do: rest
  defp captured(_match, :none, _pattern), do: []

  defp captured(match, :all_names, pattern) do
    groups = List.to_tuple(match)
    for {_, index} <- :rashomon.regex_names(pattern), do: group(groups, index)
  end

  defp captured(match, list, pattern) when is_list(list) do
    groups = List.to_tuple(match)
    names = if Enum.all?(list, &is_integer/1), do: [], else: :rashomon.regex_names(pattern)

    for wanted <- list do
      cond do
        is_integer(wanted) -> group(groups, wanted)
        true -> group(groups, name_index(names, to_string(wanted)))
      end
    end
  end

  defp name_index(names, name) do
    case :lists.keyfind(name, 1, names) do
      {_, index} -> index
      false -> -1
    end
  end

  defp group(groups, index) when index >= 0 and index < tuple_size(groups), do: elem(groups, index)
  defp group(_groups, _index), do: {-1, 0}

  defp returned(groups, _string, :index), do: groups
  defp returned(groups, string, :binary), do: for(group <- groups, do: text(string, group))

  defp text(_string, {-1, 0}), do: ""
  defp text(string, {at, size}), do: :erlang.binary_part(string, at, size)

  # Splitting

  def split(regex, string, options \\ [])

  def split(%Regex{}, "", options) do
    if Keyword.get(options, :trim, false), do: [], else: [""]
  end

  def split(%Regex{re_pattern: pattern}, string, options) when is_binary(string) and is_list(options) do
    on = Keyword.get(options, :on, :first)
    parts = Keyword.get(options, :parts, :infinity)
    trim? = Keyword.get(options, :trim, false)
    include? = Keyword.get(options, :include_captures, false)

    cuts =
      for match <- matches(pattern, string, 0),
          group <- captured(match, on, pattern),
          group != {-1, 0},
          do: group

    parts(cuts, string, 0, parts, trim?, include?)
  end

  defp parts(_cuts, string, from, 1, trim?, _include?), do: last_part(string, from, trim?)
  defp parts([], string, from, _count, trim?, _include?), do: last_part(string, from, trim?)

  defp parts([{at, size} | cuts], string, from, count, trim?, include?) do
    kept = at - from

    cond do
      kept < 0 ->
        parts(cuts, string, from, count, trim?, include?)

      kept == 0 and trim? and (size == 0 or not include?) ->
        parts(cuts, string, at + size, count, trim?, include?)

      kept == 0 and trim? ->
        [text(string, {at, size}) | parts(cuts, string, at + size, less(count), trim?, include?)]

      include? and not (trim? and size == 0) ->
        [
          text(string, {from, kept}),
          text(string, {at, size}) | parts(cuts, string, at + size, less(count), trim?, include?)
        ]

      true ->
        [text(string, {from, kept}) | parts(cuts, string, at + size, less(count), trim?, include?)]
    end
  end

  defp last_part(string, from, trim?) do
    if trim? and from >= byte_size(string), do: [], else: [text(string, {from, byte_size(string) - from})]
  end

  defp less(:infinity), do: :infinity
  defp less(count), do: count - 1

  # Replacing

  def replace(regex, string, replacement, options \\ [])

  def replace(%Regex{re_pattern: pattern}, string, replacement, options)
      when is_binary(string) and is_list(options) do
    new =
      if is_function(replacement) do
        {:arity, arity} = :erlang.fun_info(replacement, :arity)
        {replacement, arity}
      else
        precompile_replacement(replacement)
      end

    found =
      if Keyword.get(options, :global, true) do
        matches(pattern, string, 0)
      else
        case :rashomon.regex_run(pattern, string, 0) do
          nil -> []
          match -> [match]
        end
      end

    case found do
      [] -> string
      _ -> :erlang.iolist_to_binary(replaced(found, string, 0, new))
    end
  end

  defp replaced([], string, from, _new), do: [text(string, {from, byte_size(string) - from})]

  defp replaced([[{at, size} | _] = match | matches], string, from, new) do
    before = text(string, {from, at - from})
    [before, replacement(new, match, string) | replaced(matches, string, at + size, new)]
  end

  defp replacement({function, arity}, match, string) do
    apply(function, arguments(match, arity, string))
  end

  defp replacement(parts, match, string) do
    groups = List.to_tuple(match)

    for part <- parts do
      if is_integer(part), do: text(string, group(groups, part)), else: part
    end
  end

  defp arguments(_match, 0, _string), do: []
  defp arguments([], arity, string), do: ["" | arguments([], arity - 1, string)]

  defp arguments([group | match], arity, string),
    do: [text(string, group) | arguments(match, arity - 1, string)]

  # \0 and \g{0} are the whole match, \1 the first group; \\ is a backslash.
  defp precompile_replacement(""), do: []

  defp precompile_replacement(<<?\\, ?g, ?{, rest::binary>>) do
    {digits, <<?}, rest::binary>>} = digits(rest, [])
    [List.to_integer(digits) | precompile_replacement(rest)]
  end

  defp precompile_replacement(<<?\\, ?\\, rest::binary>>),
    do: [?\\ |> List.wrap() | precompile_replacement(rest)]

  defp precompile_replacement(<<?\\, char, rest::binary>>) when char in ?0..?9 do
    {digits, rest} = digits(rest, [char])
    [List.to_integer(digits) | precompile_replacement(rest)]
  end

  defp precompile_replacement(string) when is_binary(string) do
    case :binary.match(string, "\\", scope: {1, byte_size(string) - 1}) do
      {at, _} ->
        [
          :erlang.binary_part(string, 0, at)
          | precompile_replacement(:erlang.binary_part(string, at, byte_size(string) - at))
        ]

      :nomatch ->
        [string]
    end
  end

  defp digits(<<digit, rest::binary>>, acc) when digit in ?0..?9, do: digits(rest, [digit | acc])
  defp digits(rest, acc), do: {:lists.reverse(acc), rest}

  # Escaping

  def escape(string) when is_binary(string), do: :erlang.iolist_to_binary(escaped(string))

  defp escaped(<<char, rest::binary>>) when char in '.^$*+?()[]{}|#-\\ \t\n\v\f\r' do
    [?\\, char | escaped(rest)]
  end

  defp escaped(<<char, rest::binary>>), do: [char | escaped(rest)]
  defp escaped(<<>>), do: []

  def unescape_map(:newline), do: true
  def unescape_map(?f), do: ?\f
  def unescape_map(?n), do: ?\n
  def unescape_map(?r), do: ?\r
  def unescape_map(?t), do: ?\t
  def unescape_map(?v), do: ?\v
  def unescape_map(?a), do: ?\a
  def unescape_map(_), do: false
end
