using System.Text.Json;

namespace Serverless940.Local.Functions;

/// <summary><c>local.settings.json</c>, as <c>func</c> reads it.</summary>
internal static class LocalSettings
{
    private const string FileName = "local.settings.json";
    private const string SampleName = "local.settings.sample.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The values of the settings file; the first run writes the file from its sample.</summary>
    public static Dictionary<string, string?> Load(string? file, string appFolder, Action<string> say)
    {
        if (file is "")
        {
            return [];
        }

        if (file is not null && !File.Exists(file))
        {
            throw new LocalHostException($"There is no settings file {file}.");
        }

        var path = file ?? Find(appFolder, say);
        return path is null ? [] : Read(path);
    }

    private static string? Find(string appFolder, Action<string> say)
    {
        var folders = Folders(appFolder);
        var found = folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }

        var sample = folders.Select(folder => Path.Combine(folder, SampleName)).FirstOrDefault(File.Exists);
        if (sample is null)
        {
            return null;
        }

        var written = Path.Combine(Path.GetDirectoryName(sample)!, FileName);
        try
        {
            File.Copy(sample, written);
            say($"Wrote {written} from {SampleName}.");
        }
        catch (IOException) when (File.Exists(written))
        {
            // Another start was faster.
        }

        return written;
    }

    private static List<string> Folders(string appFolder)
    {
        var folders = new List<string> { Directory.GetCurrentDirectory() };
        foreach (var start in new[] { Directory.GetCurrentDirectory(), appFolder })
        {
            if (SolutionFolder(start) is { } solution)
            {
                folders.Add(solution);
            }
        }

        folders.Add(appFolder);
        return folders;
    }

    private static string? SolutionFolder(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && folder.EnumerateFiles("*.sln").Any())
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static Dictionary<string, string?> Read(string path)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        }
        catch (JsonException exception)
        {
            throw new LocalHostException($"{path} is not JSON: line {exception.LineNumber + 1}.");
        }

        using (document)
        {
            if (document.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
            {
                throw new LocalHostException($"{path} is encrypted; this host reads plain settings only.");
            }

            if (document.RootElement.TryGetProperty("Values", out var section) && section.ValueKind == JsonValueKind.Object)
            {
                foreach (var value in section.EnumerateObject())
                {
                    values[value.Name] = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() : value.Value.GetRawText();
                }
            }

            if (document.RootElement.TryGetProperty("ConnectionStrings", out var strings) && strings.ValueKind == JsonValueKind.Object)
            {
                foreach (var value in strings.EnumerateObject())
                {
                    values[$"ConnectionStrings:{value.Name}"] = value.Value.ValueKind == JsonValueKind.String
                        ? value.Value.GetString()
                        : value.Value.GetProperty("ConnectionString").GetString();
                }
            }
        }

        return values;
    }
}
