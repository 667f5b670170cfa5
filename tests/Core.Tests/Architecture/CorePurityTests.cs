using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Architecture;

/// <summary>The core does no I/O, reads no clock, throws no dice and references nothing but pure computation: read from the built assembly.</summary>
public sealed class CorePurityTests
{
    private static readonly string[] s_packages = ["NetTopologySuite"];

    /// <summary>Namespaces whose types all reach outside.</summary>
    private static readonly string[] s_namespaces =
        ["System.Net", "System.Data", "System.Threading.Channels", "System.IO.Pipes", "System.IO.MemoryMappedFiles", "System.IO.IsolatedStorage", "Microsoft"];

    private static readonly string[] s_types =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo",
        "System.IO.FileSystemWatcher", "System.IO.RandomAccess", "System.Console", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Timers.Timer", "System.Threading.PeriodicTimer",
        "System.Security.Cryptography.RandomNumberGenerator", "System.AppContext", "System.AppDomain", "System.Environment",
    ];

    private static readonly string[] s_members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.TimeProvider.get_System", "System.Random.get_Shared", "System.Guid.NewGuid",
        "System.Guid.CreateVersion7", "System.TimeZoneInfo.get_Local", "System.Threading.Tasks.Task.Delay", "System.Threading.Tasks.Task.Run",
    ];

    /// <summary>What the compiler itself writes: for iterators, and the default timeout of generated regular expressions.</summary>
    private static readonly string[] s_compilers = ["System.Environment.get_CurrentManagedThreadId", "System.AppContext.GetData"];

    [Fact]
    public void The_core_reaches_for_nothing_outside() => Assert.Empty(Forbidden(typeof(Report).Assembly.Location));

    [Fact]
    public void The_core_references_the_runtime_and_one_package_of_pure_computation()
    {
        var others = Assemblies(typeof(Report).Assembly.Location)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !s_packages.Contains(name));

        Assert.Empty(others);
    }

    [Fact]
    public void The_scan_sees_what_it_looks_for()
    {
        // This very assembly reads files and, below, everything else: the scan must find it.
        var found = Forbidden(typeof(CorePurityTests).Assembly.Location).ToHashSet();

        Assert.Superset(
            new HashSet<string>
            {
                "System.IO.File.ReadAllText", "System.IO.Directory.EnumerateFiles", "System.DateTimeOffset.get_UtcNow", "System.DateTime.get_Now",
                "System.TimeProvider.get_System", "System.Random.get_Shared", "System.Guid.NewGuid", "System.Threading.Thread.Sleep",
                "System.Environment.GetEnvironmentVariable", "System.Net.Http.HttpClient..ctor", "System.Net.Sockets.Socket..ctor", "System.Diagnostics.Process.Start",
            },
            found);
        Assert.Contains("xunit.assert", Assemblies(typeof(CorePurityTests).Assembly.Location));
    }

    /// <summary>Never called: it is here to be found.</summary>
    internal static object?[] Bait() =>
    [
        DateTimeOffset.UtcNow, DateTime.Now, TimeProvider.System, Random.Shared, Guid.NewGuid(), Environment.GetEnvironmentVariable("x"),
        new HttpClient(), new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp),
        System.Diagnostics.Process.Start("x"), (Action)(() => Thread.Sleep(1)),
    ];

    private static IReadOnlyList<string> Forbidden(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var members = metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Select(member => (Type: Parent(metadata, member.Parent), Name: metadata.GetString(member.Name)))
            .Where(member => member.Type is not null)
            .Select(member => (Type: member.Type!, Full: $"{member.Type}.{member.Name}"))
            .Where(member => !s_compilers.Contains(member.Full))
            .ToList();
        var named = members.Where(member => s_members.Contains(member.Full) || Reaches(member.Type)).Select(member => member.Full);
        // A type can be used without one of its members: as a field, a base, an attribute.
        var used = members.Select(member => member.Type).ToHashSet();
        var bare = metadata.TypeReferences.Select(handle => Name(metadata, handle)).Where(type => Reaches(type) && !used.Contains(type) && type is not ("System.Environment" or "System.AppContext"));
        return [.. named.Concat(bare).Distinct()];
    }

    private static bool Reaches(string type) =>
        s_types.Contains(type) || s_namespaces.Any(space => type.StartsWith(space + ".", StringComparison.Ordinal) && !type.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal));

    private static string? Parent(MetadataReader metadata, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => Name(metadata, (TypeReferenceHandle)parent),
        HandleKind.TypeSpecification => Generic(metadata, (TypeSpecificationHandle)parent),
        _ => null,
    };

    // A generic type's members hang on its instantiation; the blob names the definition after two bytes of kind.
    private static string? Generic(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        return blob.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && blob.ReadByte() is 0x11 or 0x12
            && blob.ReadTypeHandle() is { Kind: HandleKind.TypeReference } definition
                ? Name(metadata, (TypeReferenceHandle)definition)
                : null;
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Name(metadata, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static IReadOnlyList<string> Assemblies(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
