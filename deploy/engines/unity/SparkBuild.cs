using System;
using UnityEditor;
using UnityEditor.Build.Reporting;

// Called by the platform: builds the main scene into the folder that it is told.
public static class SparkBuild
{
    public static void Web()
    {
        PlayerSettings.productName = Environment.GetEnvironmentVariable("SPARK_TITLE");
        PlayerSettings.WebGL.compressionFormat = WebGLCompressionFormat.Disabled;
        var report = BuildPipeline.BuildPlayer(new BuildPlayerOptions
        {
            scenes = new[] { "Assets/Main.unity" },
            locationPathName = Environment.GetEnvironmentVariable("SPARK_OUT"),
            target = BuildTarget.WebGL,
        });
        EditorApplication.Exit(report.summary.result == BuildResult.Succeeded ? 0 : 1);
    }
}
