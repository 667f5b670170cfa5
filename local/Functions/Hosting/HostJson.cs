using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Serverless940.Local.Functions;

/// <summary><c>host.json</c> with the settings <c>AzureFunctionsJobHost__…</c> above it.</summary>
internal sealed class HostJson
{
    private readonly IConfiguration _file;
    private readonly IConfiguration _settings;

    private HostJson(IConfiguration file, IConfiguration settings)
    {
        _file = file;
        _settings = settings;
    }

    public string RoutePrefix => (this["extensions:http:routePrefix"] ?? "api").Trim('/');

    public static HostJson Load(string? text, string appFolder, IConfiguration settings)
    {
        var builder = new ConfigurationBuilder();
        var path = Path.Combine(appFolder, "host.json");
        try
        {
            if (text is not null)
            {
                builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text)));
            }
            else if (File.Exists(path))
            {
                using var stream = File.OpenRead(path);
                builder.AddJsonStream(stream);
                return new HostJson(builder.Build(), settings);
            }

            return new HostJson(builder.Build(), settings);
        }
        catch (FormatException exception)
        {
            throw new LocalHostException($"host.json is not JSON: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    public string? this[string key] => _settings[$"AzureFunctionsJobHost:{key}"] ?? _file[key];

    public IEnumerable<KeyValuePair<string, string>> Children(string key) =>
        from child in _file.GetSection(key).GetChildren()
        where child.Value is not null
        select KeyValuePair.Create(child.Key, child.Value!);

    public int Int(string key, int otherwise) => Value(key, otherwise, text => int.Parse(text, CultureInfo.InvariantCulture));

    public bool Bool(string key, bool otherwise) => Value(key, otherwise, bool.Parse);

    public TimeSpan Span(string key, TimeSpan otherwise) => Value(key, otherwise, text => TimeSpan.Parse(text, CultureInfo.InvariantCulture));

    private T Value<T>(string key, T otherwise, Func<string, T> parse)
    {
        var text = this[key];
        if (text is null)
        {
            return otherwise;
        }

        try
        {
            return parse(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new LocalHostException($"host.json: {key} cannot be '{text}'.");
        }
    }
}
