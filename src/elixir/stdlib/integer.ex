# Operations on integers.

defmodule Integer do
  defguard is_odd(integer) when is_integer(integer) and :erlang.band(integer, 1) == 1
  defguard is_even(integer) when is_integer(integer) and :erlang.band(integer, 1) == 0

  def pow(base, exponent) when is_integer(base) and is_integer(exponent) do
    if exponent < 0, do: :erlang.error(:badarith), else: :rashomon.integer_pow(base, exponent)
  end

  def mod(dividend, divisor) do
    remainder = rem(dividend, divisor)
    if remainder * divisor < 0, do: remainder + divisor, else: remainder
  end

  def floor_div(dividend, divisor) do
    if dividend * divisor < 0 and rem(dividend, divisor) != 0,
      do: div(dividend, divisor) - 1,
      else: div(dividend, divisor)
  end

  def gcd(0, b) when is_integer(b), do: abs(b)
  def gcd(a, 0) when is_integer(a), do: abs(a)
  def gcd(a, b) when is_integer(a) and is_integer(b), do: common(abs(a), abs(b))

  defp common(a, 0), do: a
  defp common(a, b), do: common(b, rem(a, b))

  def extended_gcd(0, 0), do: {0, 0, 0}
  def extended_gcd(0, b), do: {b, 0, 1}
  def extended_gcd(a, 0), do: {a, 1, 0}
  def extended_gcd(a, b) when is_integer(a) and is_integer(b), do: euclid(a, b, 1, 0, 0, 1)

  defp euclid(r, 0, x, _, y, _) when r < 0, do: {-r, -x, -y}
  defp euclid(r, 0, x, _, y, _), do: {r, x, y}

  defp euclid(r0, r1, x0, x1, y0, y1) do
    q = div(r0, r1)
    euclid(r1, r0 - q * r1, x1, x0 - q * x1, y1, y0 - q * y1)
  end

  def digits(integer, base \\ 10) when is_integer(integer) and is_integer(base) and base >= 2,
    do: digits(integer, base, [])

  defp digits(n, base, acc) when abs(n) < base, do: [n | acc]
  defp digits(n, base, acc), do: digits(div(n, base), base, [rem(n, base) | acc])

  def undigits(digits, base \\ 10) when is_list(digits) and is_integer(base) and base >= 2,
    do: do_undigits(digits, base, 0)

  defp do_undigits([], _base, acc), do: acc

  defp do_undigits([digit | _], base, _acc) when is_integer(digit) and digit >= base,
    do: raise(ArgumentError, "invalid digit #{digit} in base #{base}")

  defp do_undigits([digit | rest], base, acc) when is_integer(digit),
    do: do_undigits(rest, base, acc * base + digit)

  def parse(binary, base \\ 10)

  def parse(_binary, base) when base not in 2..36, do: raise(ArgumentError, "invalid base #{inspect(base)}")

  def parse(<<sign, rest::binary>>, base) when sign in [?+, ?-] do
    case parse_first(rest, base) do
      {n, rest} when sign == ?- -> {-n, rest}
      other -> other
    end
  end

  def parse(binary, base) when is_binary(binary), do: parse_first(binary, base)

  defp parse_first(<<char, rest::binary>>, base) do
    digit = digit(char)
    if digit < base, do: parse_rest(rest, base, digit), else: :error
  end

  defp parse_first(<<>>, _base), do: :error

  defp parse_rest(<<char, rest::binary>> = binary, base, acc) do
    digit = digit(char)
    if digit < base, do: parse_rest(rest, base, acc * base + digit), else: {acc, binary}
  end

  defp parse_rest(<<>>, _base, acc), do: {acc, ""}

  defp digit(char) when char in ?0..?9, do: char - ?0
  defp digit(char) when char in ?a..?z, do: char - ?a + 10
  defp digit(char) when char in ?A..?Z, do: char - ?A + 10
  defp digit(_char), do: 99

  def to_string(integer), do: :erlang.integer_to_binary(integer)
  def to_string(integer, base), do: :erlang.integer_to_binary(integer, base)

  def to_charlist(integer), do: :erlang.integer_to_list(integer)
  def to_charlist(integer, base), do: :erlang.integer_to_list(integer, base)

  def to_char_list(integer), do: :erlang.integer_to_list(integer)
  def to_char_list(integer, base), do: :erlang.integer_to_list(integer, base)
end
