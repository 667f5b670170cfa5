using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless940.Core.Text;

/// <summary>Writes an enum as its camelCase name and refuses numbers: the wire names of all enums here.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
