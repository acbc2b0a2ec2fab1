/** What a file or a pipe holds, as text: UTF-8, or the UTF-16 of Windows with or without its mark. Binary junk becomes harmless characters. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Latin text in UTF-16 has a zero in every second place, and the end of a file lacks the mark.
  const sample = bytes.subarray(0, 2_000);
  const zeros = [0, 1].map((parity) => sample.filter((byte, index) => byte === 0 && index % 2 === parity).length);
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length * 0.3 && even < odd / 10) return 'utf-16le';
  return even > sample.length * 0.3 && odd < even / 10 ? 'utf-16be' : 'utf-8';
}
