using System.Globalization;

namespace Serverless940.Local.Functions;

/// <summary>The host's own switches; beside them settings may stand (<c>--Name value</c>, <c>--Name=value</c>), and nothing else.</summary>
internal sealed record LocalArguments(int Port, string DataFolder, string? SettingsFile, string[] Rest)
{
    public static LocalArguments Parse(string[] args)
    {
        var port = 7071;
        var data = ".local";
        string? settings = null;
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            if (name is not ("--port" or "--data" or "--settings"))
            {
                // Who asks for help, or forgets a value, must not get a host that starts and keeps silent about it.
                if (!name.StartsWith("--", StringComparison.Ordinal) || (value is null && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))))
                {
                    throw new LocalHostException($"Unknown argument {args[i]}; known are --port N, --data DIR, --settings FILE and --Setting=value.");
                }

                rest.Add(args[i]);
                if (value is null)
                {
                    rest.Add(args[++i]);
                }

                continue;
            }

            if (value is null)
            {
                i++;
                value = i < args.Length ? args[i] : throw new LocalHostException($"{name} needs a value.");
            }

            switch (name)
            {
                case "--port":
                    port = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
                        ? number
                        : throw new LocalHostException("--port needs a number from 0 to 65535.");
                    break;
                case "--data":
                    data = value;
                    break;
                default:
                    settings = value;
                    break;
            }
        }

        return new LocalArguments(port, Path.GetFullPath(data), settings, [.. rest]);
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
