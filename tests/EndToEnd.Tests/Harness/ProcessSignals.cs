using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>What the system tells of a process, and how it is asked to end.</summary>
internal static partial class ProcessSignals
{
    private const int TerminateSignal = 15;

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public static void Terminate(int processId) => Assert.Equal(0, Kill(processId, TerminateSignal));

    /// <summary>Whether the process exists and has not ended; one that nobody has collected yet has ended.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
                return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
