using System.Security.Cryptography;
using System.Text;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Platform.Security;

/// <summary>Phone numbers as they appear in keys: HMAC-SHA256, so that a leaked table tells no number.</summary>
public sealed class PhoneHash(PrivacySettings settings)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(settings.PhoneHashKey);

    /// <summary>32 lower-case hex digits.</summary>
    public string Of(string address)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(address), mac);
        return Convert.ToHexStringLower(mac[..16]);
    }
}
