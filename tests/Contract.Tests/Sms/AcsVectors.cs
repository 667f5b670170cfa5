using System.Reflection;
using System.Text.Json;

namespace Serverless940.Contract.Tests.Sms;

/// <summary>Published signature vectors of Azure Communication Services, and one of our own with an Arabic body.</summary>
public static class AcsVectors
{
    private static readonly Lazy<JsonElement[]> _all = new(static () =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("acs-vectors.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
    });

    public static TheoryData<int> Of(string kind)
    {
        TheoryData<int> data = [];
        for (var i = 0; i < _all.Value.Length; i++)
        {
            if (_all.Value[i].GetProperty("kind").GetString() == kind)
            {
                data.Add(i);
            }
        }

        return data;
    }

    public static string Get(int vector, string name) => _all.Value[vector].GetProperty(name).GetString()!;
}
