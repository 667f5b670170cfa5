using System.Buffers.Binary;

namespace Serverless940.Local.Simulators.Voice;

/// <summary>What a citizen says who has no microphone: a second of a tone, as an 8 kHz mono WAV of 16 bits.</summary>
internal static class SampleSound
{
    private const int Rate = 8000;

    internal static byte[] Wav()
    {
        var wav = new byte[44 + (Rate * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), Rate * 2);
        for (var at = 0; at < Rate; at++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (2 * at)), (short)(8000 * Math.Sin(2 * Math.PI * 440 * at / Rate)));
        }

        return wav;
    }
}
